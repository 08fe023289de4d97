import { CardeaError } from '#kernel';
import type { ForwardingRules } from '../forwarding.ts';
import { HeaderBlock } from '../message/header-block.ts';
import type { FilteredRequest } from '../message/filtered-message.ts';

/** A request as somebody asks about it. */
export interface AskedRequest {
  readonly method: string;
  /** A path with query, or a whole URL whose host is then the Host header. */
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly peerAddress: string;
}

/** A request that was never sent: what predicates and filters need to be tried on it. */
export type ExplainedRequest = FilteredRequest & { readonly headers: HeaderBlock };

export function requestOf(
  { method, url, headers, peerAddress }: AskedRequest,
  forwarding: ForwardingRules,
): ExplainedRequest {
  const [, scheme = 'http', host, rest = ''] = /^(?:(https?):\/\/([^/?#]+))?([^#]*)/i.exec(url) ?? [];
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  if (host === undefined && !rest.startsWith('/')) {
    throw new CardeaError('invalid-url', `"${url}" is not a URL`, {
      source: 'downstream',
      remedy: 'write a path such as /orders/1, or a whole URL such as http://localhost:8080/orders/1',
    });
  }
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const given = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const authority = given ?? host ?? 'localhost:8080';
  const lines = HeaderBlock.of([...headers.filter(([name]) => name.toLowerCase() !== 'host'), ['Host', authority]]);
  const length = lines.get('content-length');
  return {
    method: method.toUpperCase(),
    originalPath: path,
    path,
    query: question < 0 ? undefined : target.slice(question + 1),
    headers: lines,
    authority,
    scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
    peerAddress,
    clientAddress: forwarding.clientAddress(lines, peerAddress),
    upstreamHost: undefined,
    upstreamUri: undefined,
    variables: {},
    contentLength: length === undefined ? undefined : Number(length),
  };
}
