import type { FilteredRequest, FilteredResponse, HeaderLines } from '#dataplane';

/** Header lines in a plain list: what filters and predicates need, without the codec. */
export class HeaderList implements HeaderLines {
  #lines: [string, string][];

  constructor(lines: readonly (readonly [string, string])[] = []) {
    this.#lines = lines.map(([name, value]) => [name, value]);
  }

  get(lowerName: string): string | undefined {
    return this.#lines.find(([name]) => name.toLowerCase() === lowerName)?.[1];
  }

  getAll(lowerName: string): string[] {
    return this.#lines.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value);
  }

  has(lowerName: string): boolean {
    return this.get(lowerName) !== undefined;
  }

  set(name: string, value: string): void {
    const first = this.#lines.findIndex(([other]) => other.toLowerCase() === name.toLowerCase());
    if (first < 0) return this.add(name, value);
    this.remove(name.toLowerCase());
    this.#lines.splice(first, 0, [name, value]);
  }

  add(name: string, value: string): void {
    this.#lines.push([name, value]);
  }

  remove(lowerName: string): void {
    this.#lines = this.#lines.filter(([name]) => name.toLowerCase() !== lowerName);
  }

  entries(): [string, string][] {
    return this.#lines.map(([name, value]) => [name, value]);
  }
}

export type TestRequest = { -readonly [K in keyof FilteredRequest]: FilteredRequest[K] };

/** A request as filters see it: `filteredRequest('/a?b=c', { method: 'POST' })`. */
export function filteredRequest(target: string, overrides: Partial<TestRequest> = {}): TestRequest {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  return {
    method: 'GET',
    originalPath: path,
    path,
    query: question < 0 ? undefined : target.slice(question + 1),
    headers: new HeaderList(),
    authority: 'gateway.test:8080',
    scheme: 'http',
    peerAddress: '127.0.0.1',
    clientAddress: '127.0.0.1',
    upstreamHost: undefined,
    upstreamUri: undefined,
    variables: {},
    contentLength: undefined,
    ...overrides,
  };
}

export function filteredResponse(
  status: number,
  headers: readonly (readonly [string, string])[] = [],
): FilteredResponse {
  return { status, headers: new HeaderList(headers) };
}
