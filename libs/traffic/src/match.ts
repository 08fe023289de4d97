/**
 * How a text is compared. `regex` is a full match with JavaScript's syntax (`v` flag off), compiled once.
 */
export type TextMatch =
  | { readonly kind: 'exact'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'prefix'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'regex'; readonly value: string }
  | { readonly kind: 'present' };

/**
 * A path pattern.
 *
 * - `exact`, `prefix` (by segment: `/a` covers `/a` and `/a/b`, not `/ab`), `text-prefix` (by character, as Istio's).
 * - `pattern`: Spring's PathPattern: `?`, `*` inside a segment, `{name}`, `{name:regex}`, and `**` or `{*rest}` at the end.
 * - `ant`: Spring's AntPathMatcher, as Zuul has it: as above, and `**` anywhere.
 * - `regex`: full match on the whole path.
 */
export interface PathMatch {
  readonly kind: 'exact' | 'prefix' | 'text-prefix' | 'pattern' | 'ant' | 'regex';
  readonly value: string;
  readonly ignoreCase?: boolean;
  /** `pattern` only: `/a` also matches `/a/`. */
  readonly trailingSlash?: boolean;
}

/**
 * A host pattern, compared with the request's authority. `*` stands for one label, `**` for any number of them
 * (`**.a.org` covers `a.org`), `{name}` for one label that becomes a variable. A pattern without a port ignores the
 * request's port unless `includePort` is set.
 */
export interface HostMatch {
  readonly value: string;
  readonly includePort?: boolean;
  readonly caseSensitive?: boolean;
}

export interface NamedMatch {
  readonly name: string;
  readonly match: TextMatch;
  /** True: the request matches when this does not. */
  readonly invert?: boolean;
  /** Headers only: compare each element of a comma-separated list instead of whole lines. */
  readonly splitCommas?: boolean;
}

/**
 * What a request must look like to take a route. Members are ANDed, the items of a list ORed, except `headers`,
 * `query` and `cookies`, whose items are ANDed. An absent member asks nothing.
 */
export interface Match {
  readonly hosts?: readonly HostMatch[];
  readonly paths?: readonly PathMatch[];
  readonly methods?: readonly string[];
  readonly headers?: readonly NamedMatch[];
  readonly query?: readonly NamedMatch[];
  readonly cookies?: readonly NamedMatch[];
  /** CIDR blocks; the peer's address, or the client's as forwarded by a trusted proxy. */
  readonly remoteAddresses?: { readonly cidrs: readonly string[]; readonly source: 'peer' | 'client' };
  /** Epoch milliseconds, both ends strict. */
  readonly time?: { readonly after?: number; readonly before?: number };
  /** One draw per group and request; the route matches when the draw falls on it. */
  readonly weight?: { readonly group: string; readonly weight: number };
  /**
   * How the path is read before it is compared: `raw` splits at `/` and decodes each segment (`%2F` never splits);
   * `normalized` decodes the whole path, drops `;parameters` and merges `//`, as Zuul does.
   */
  readonly pathView?: 'raw' | 'normalized';
  /** Paths (in the view above) that this route leaves alone although `paths` matches. */
  readonly exceptPaths?: readonly PathMatch[];
}
