export { startFakeOrigin, type FakeOrigin, type OriginScript } from './fake-origin.ts';
export { ACK, block, END_HEADERS, END_STREAM, frame, FrameClient, FrameType, type Frame } from './http2-frames.ts';
export { instanceInfo } from './instance-info.ts';
export { ManualClock } from './manual-clock.ts';
export { filteredRequest, filteredResponse, HeaderList, type TestRequest } from './messages.ts';
export { answering, answerOf, ask, PlaneFixture, type Http2Answer } from './plane-fixture.ts';
