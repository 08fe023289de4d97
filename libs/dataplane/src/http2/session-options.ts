import type { ServerSessionOptions } from 'node:http2';
import type { DownstreamLimits } from '../limits.ts';

/** What Envoy advises for the edge: little per stream, more per connection, so that one stream cannot stop the others. */
const STREAM_WINDOW_BYTES = 65_536;
export const CONNECTION_WINDOW_BYTES = 1_048_576;

/** Fields beyond our own limits that are still read, so that they can be answered with 431 rather than a reset. */
const SLACK = 2;
const PSEUDO_FIELDS = 5;
/** A field costs 32 bytes more in the sum of RFC 9113 6.5.2 than on the wire. */
const FIELD_OVERHEAD_BYTES = 32;

/** RST_STREAM frames that a client may send at once, and then per second: nghttp2 ends the connection of one that sends more. */
const RESET_BURST = 500;
const RESETS_PER_SECOND = 33;
/** Frames that break the protocol but not the connection, streams refused, and SETTINGS entries per frame. */
const MAX_INVALID_FRAMES = 100;
const MAX_REFUSED_STREAMS = 100;
const MAX_SETTINGS = 16;
/** Dynamic table of HPACK, and all that a connection may hold, MB. */
const HEADER_TABLE_BYTES = 4_096;
const MAX_SESSION_MB = 32;

export type SessionOptions = ServerSessionOptions & { readonly strictSingleValueFields?: boolean };

/** How `node:http2` bounds a connection. CONTINUATION frames are bounded by nghttp2 itself (eight per block). */
export function sessionOptions(limits: DownstreamLimits): SessionOptions {
  const pairs = limits.maxHeaderCount * SLACK + PSEUDO_FIELDS;
  return {
    maxHeaderListPairs: pairs,
    maxSettings: MAX_SETTINGS,
    maxSessionInvalidFrames: MAX_INVALID_FRAMES,
    maxSessionRejectedStreams: MAX_REFUSED_STREAMS,
    maxSessionMemory: MAX_SESSION_MB,
    maxDeflateDynamicTableSize: HEADER_TABLE_BYTES,
    streamResetBurst: RESET_BURST,
    streamResetRate: RESETS_PER_SECOND,
    // What an upstream repeats is relayed as it came.
    strictSingleValueFields: false,
    settings: {
      headerTableSize: HEADER_TABLE_BYTES,
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: limits.maxConcurrentStreams,
      maxHeaderListSize: limits.maxHeaderBytes * SLACK + pairs * FIELD_OVERHEAD_BYTES,
      enableConnectProtocol: true,
    },
  };
}
