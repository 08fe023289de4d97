/** Which message a header filter changes. */
export type Direction = 'request' | 'response';

/** Values may hold `{name}` variables of the path and host patterns where `variables` is true. */
interface Templated {
  readonly variables?: boolean;
}

/**
 * What may happen to a message on its way. Plain data; the data plane compiles each once per configuration version.
 * Request filters run in list order, response filters in reverse. `replacement` uses Java's syntax (`$1`, `${name}`).
 */
export type Filter =
  // headers
  | ({
      readonly kind: 'add-header';
      readonly on: Direction;
      readonly name: string;
      readonly value: string;
      readonly ifAbsent?: boolean;
      /** Added together with `value`, or not at all: further lines of the same name. */
      readonly moreValues?: readonly string[];
    } & Templated)
  | ({ readonly kind: 'set-header'; readonly on: Direction; readonly name: string; readonly value: string } & Templated)
  | { readonly kind: 'remove-header'; readonly on: Direction; readonly names: readonly string[] }
  | { readonly kind: 'copy-header'; readonly on: Direction; readonly from: string; readonly to: string }
  | {
      readonly kind: 'rewrite-header';
      readonly on: Direction;
      readonly name: string;
      readonly regex: string;
      readonly replacement: string;
    }
  | {
      readonly kind: 'dedupe-header';
      readonly on: Direction;
      readonly names: readonly string[];
      readonly keep: 'first' | 'last' | 'unique';
    }
  | {
      readonly kind: 'rewrite-location';
      readonly header: string;
      readonly stripVersion: 'never' | 'always' | 'as-in-request';
      readonly host?: string;
      readonly protocols: string;
    }
  | { readonly kind: 'secure-headers'; readonly headers: Readonly<Record<string, string>> }
  // target of the upstream request
  | { readonly kind: 'strip-segments'; readonly count: number }
  | { readonly kind: 'strip-prefix'; readonly prefix: string }
  | ({ readonly kind: 'prefix-path'; readonly prefix: string; readonly once?: boolean } & Templated)
  | ({ readonly kind: 'set-path'; readonly path: string } & Templated)
  | { readonly kind: 'rewrite-path'; readonly regex: string; readonly replacement: string }
  | ({ readonly kind: 'add-query'; readonly name: string; readonly value: string } & Templated)
  | { readonly kind: 'remove-query'; readonly name: string }
  | { readonly kind: 'rewrite-query'; readonly name: string; readonly value: string }
  | ({ readonly kind: 'set-host'; readonly host: string } & Templated)
  | { readonly kind: 'preserve-host' }
  | ({ readonly kind: 'set-uri'; readonly uri: string } & Templated)
  | { readonly kind: 'uri-from-header'; readonly header: string }
  | { readonly kind: 'prefix-header'; /** Adds what was stripped to X-Forwarded-Prefix. */ readonly prefix: string }
  // limits
  | { readonly kind: 'request-size'; readonly maxBytes: number }
  | { readonly kind: 'request-header-size'; readonly maxBytes: number; readonly errorHeader: string }
  | { readonly kind: 'rate-limit'; readonly limit: RateLimit }
  // answers
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string; readonly includeQuery?: boolean }
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'set-status'; readonly status: number; readonly originalStatusHeader?: string };

/** A token bucket per key. */
export interface RateLimit {
  /** Tokens added per second. */
  readonly replenishRate: number;
  /** Bucket size; starts full. */
  readonly burstCapacity: number;
  /** Tokens one request costs. */
  readonly requestedTokens: number;
  readonly key:
    | { readonly kind: 'client-address' }
    | { readonly kind: 'header'; readonly name: string }
    | { readonly kind: 'host' }
    | { readonly kind: 'path' }
    | { readonly kind: 'constant'; readonly value: string };
  /** Status of a refused request; 429 unless set. */
  readonly status: number;
  /** What happens to a request without a key: `deny` with `emptyKeyStatus`, or `allow`. */
  readonly emptyKey: 'deny' | 'allow';
  readonly emptyKeyStatus: number;
  /** Answers carry the X-RateLimit-* headers. */
  readonly headers: boolean;
}
