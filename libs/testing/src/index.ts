export { readAnswers, takeAnswer, type RawAnswer } from './answer-reader.ts';
export { startFakeOrigin, type FakeOrigin, type FakeOriginOptions, type OriginScript } from './fake-origin.ts';
export {
  ACK,
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameClient,
  FrameType,
  GET_FIELDS,
  getRequest,
  type Frame,
} from './http2-frames.ts';
export { instanceInfo } from './instance-info.ts';
export { listeningPort, refusedPort } from './listening-port.ts';
export { readWithLlhttp, type LlhttpMessage } from './llhttp.ts';
export { ManualClock } from './manual-clock.ts';
export { filteredRequest, filteredResponse, HeaderList, type TestRequest } from './messages.ts';
export { answering, answerOf, ask, PlaneFixture, type Http2Answer } from './plane-fixture.ts';
export { RawClient } from './raw-client.ts';
export { selfSigned } from './self-signed.ts';
export { Watched } from './watched.ts';
