export { startFakeOrigin, type FakeOrigin, type OriginScript } from './fake-origin.ts';
export { instanceInfo } from './instance-info.ts';
export { ManualClock } from './manual-clock.ts';
export { filteredRequest, filteredResponse, HeaderList, type TestRequest } from './messages.ts';
