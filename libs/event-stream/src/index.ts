export { EventParser, type ServerSentEvent } from './event-parser.ts';
export { describeFailure, refusalOf } from './failure.ts';
export { followEvents, type ConnectionOptions, type EventFollower } from './follow-events.ts';
export { openStream } from './open-stream.ts';
export { beginEventStream, COMMENT, COMMENT_EVERY_MS, formatEvent } from './format-event.ts';
