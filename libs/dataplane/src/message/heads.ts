import type { HeaderBlock } from './header-block.ts';

/** A checked request head. */
export interface RequestHead {
  readonly method: string;
  /** As received. */
  readonly target: string;
  /** Origin form, always: path with the leading slash (or `*`), query without `?`. */
  readonly path: string;
  readonly query: string | undefined;
  readonly authority: string;
  readonly http10: boolean;
  readonly headers: HeaderBlock;
  /** Bytes of the body; 0 without one, -1 when chunked. */
  readonly framing: number;
  readonly keepAlive: boolean;
  /** Value of Upgrade when this is a request for another protocol. */
  readonly upgrade: string | undefined;
}

export interface HeadLimits {
  readonly maxHeaderCount: number;
  readonly maxTargetBytes: number;
}

/** A checked head of an answer. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderBlock;
  /** Bytes of the body; 0 without one, -1 chunked, -2 until the connection closes. */
  readonly framing: number;
  readonly keepAlive: boolean;
}
