import type { Duplex } from 'node:stream';
import type { RequestRecord } from './events.ts';
import type { HeaderBlock } from './message/header-block.ts';
import type { ResponseHead } from './message/heads.ts';

/** An answer's head on its way to the client. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderBlock;
  /** Bytes of the body, -1 or -2 when only its end will tell. */
  readonly framing: number;
}

/** The client's side of one exchange, whatever protocol it speaks. */
export interface Downstream {
  readonly protocol: RequestRecord['protocol'];
  readonly peerAddress: string;
  readonly scheme: 'http' | 'https';
  readonly localPort: number;
  sendInterim(head: ResponseHead): void;
  sendHead(head: AnswerHead): void;
  /** False when the client is slower: wait for `downstreamDrained`. Bytes that are `lent` are valid during the call only. */
  sendData(buffer: Buffer, start: number, end: number, lent: boolean): boolean;
  sendEnd(trailers: HeaderBlock | undefined): void;
  /** Breaks off an answer that cannot be completed. */
  abort(): void;
  pauseRequest(): void;
  resumeRequest(): void;
  /** After 101: joins both sockets until either ends. */
  tunnel(head: ResponseHead, upstream: Duplex, rest: Buffer): void;
}

/** A connection of a client, whatever protocol it speaks, as the listener sees it. */
export interface ClientConnection {
  readonly peerAddress: string;
  /** Requests and tunnels under way. */
  readonly inFlight: number;
  /** Takes no new request; ends when what is under way has ended. */
  drain(): void;
  destroy(): void;
  /** Called some ten times a second. */
  checkTime(now: number): void;
}
