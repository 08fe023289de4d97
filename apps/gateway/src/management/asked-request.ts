import type { AskedRequest } from '#dataplane';
import { CardeaError } from '#kernel';

const EXAMPLE = '{"method":"GET","url":"/orders/1","headers":[["X-A","b"]],"peerAddress":"127.0.0.1"}';

/** Reads the body of `POST /api/v1/gateway/explain`. Headers are pairs, or an object as people write it. */
export function readAskedRequest(body: unknown): AskedRequest {
  const given = parse(body);
  const method = textOf(given, 'method') ?? 'GET';
  const url = textOf(given, 'url');
  if (url === undefined) throw refusal('"url" is missing');
  return {
    method,
    url,
    headers: headersOf(given['headers']),
    peerAddress: textOf(given, 'peerAddress') ?? '127.0.0.1',
  };
}

function parse(body: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(typeof body === 'string' ? body : '');
    if (isObject(value)) return value;
  } catch {
    // The same refusal as for JSON that is no object.
  }
  throw refusal('the body is no JSON object');
}

function textOf(given: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = given[field];
  if (value === undefined || typeof value === 'string') return value;
  throw refusal(`"${field}" must be text`);
}

function headersOf(value: unknown): AskedRequest['headers'] {
  if (value === undefined) return [];
  const pairs: readonly unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.entries(value) : [value];
  return pairs.map((pair) => {
    const [name, text]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof name === 'string' && typeof text === 'string') return [name, text];
    throw refusal('"headers" must be pairs of texts');
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(what: string): CardeaError {
  return new CardeaError('bad-question', what, { source: 'downstream', remedy: `ask like ${EXAMPLE}` });
}
