import { randomBytes } from 'node:crypto';

const PREFIX = randomBytes(4).toString('hex');
let last = 0;

/** A number that becomes an id only when somebody asks for it. */
export function nextSequence(): number {
  return ++last;
}

/** Unique among all processes and starts: what a client is told of a failure leads to its log line. */
export function requestId(sequence: number): string {
  return `${PREFIX}-${sequence}`;
}
