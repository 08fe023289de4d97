/** What Eureka resources look at in a request. Header names are in lower case. */
export interface EurekaRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export function header(request: EurekaRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

/** The first value of a query parameter. */
export function parameter(request: EurekaRequest, name: string): string | undefined {
  const value = request.query[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

/** Sent by a peer registry: believed, and not passed on to other peers. */
export function isReplication(request: EurekaRequest): boolean {
  return header(request, 'x-netflix-discovery-replication') === 'true';
}

/** Milliseconds since the epoch; `invalid` for text that is no number. */
export function dirtyTimestamp(request: EurekaRequest): number | undefined | 'invalid' {
  const text = parameter(request, 'lastDirtyTimestamp');
  if (text === undefined || text === '' || text === 'null') return undefined;
  return /^-?\d{1,16}$/.test(text) ? Number(text) : 'invalid';
}
