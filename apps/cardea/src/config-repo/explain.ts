import { compileFilters, compileRouter, type FilteredRequest, type PredicateCheck } from '#dataplane';
import { CardeaError, type SourceLocation } from '#kernel';
import { describeCluster, describeRoute, type Route, type TrafficConfig } from '#traffic';
import { HeaderList } from './header-list.ts';

/** A request as somebody asks about it. */
export interface AskedRequest {
  readonly method: string;
  /** A path with query, or a whole URL whose host is then the Host header. */
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly peerAddress: string;
}

export interface RouteVerdict {
  readonly id: string;
  readonly matched: boolean;
  readonly location?: SourceLocation;
  readonly checks: readonly PredicateCheck[];
}

/** Which route a request takes and what would be sent. */
export interface RequestExplanation {
  /** Routes up to and with the one that matches. */
  readonly tried: readonly RouteVerdict[];
  readonly route?: {
    readonly id: string;
    readonly dialect?: string;
    readonly location?: SourceLocation;
    readonly variables: Readonly<Record<string, string>>;
    readonly filters: readonly string[];
    readonly target: string;
  };
  readonly sent?: { readonly method: string; readonly uri: string; readonly headers: readonly (readonly [string, string])[] };
  /** Set when the gateway answers by itself. */
  readonly answer?: { readonly status: number; readonly headers: readonly (readonly [string, string])[]; /** Why a filter fails. */ readonly because?: string };
}

export function explainRequest(config: TrafficConfig, asked: AskedRequest): RequestExplanation {
  const request = requestOf(asked);
  const { match, routes } = compileRouter(config.routes).explain(request);
  const end = routes.findIndex(({ matched }) => matched);
  const tried = routes.slice(0, end < 0 ? routes.length : end + 1).map(({ route, matched, checks }) => ({
    id: route.id,
    matched,
    checks,
    ...(route.location === undefined ? {} : { location: route.location }),
  }));
  if (match === undefined) return { tried };
  const { route, variables } = match;
  const clusters = new Map(config.clusters.map((cluster) => [cluster.id, cluster]));
  const { filters, target } = describeRoute(route, clusters);
  const described = {
    id: route.id,
    ...(route.dialect === undefined ? {} : { dialect: route.dialect }),
    ...(route.location === undefined ? {} : { location: route.location }),
    variables,
    filters,
    target,
  };
  return { tried, route: described, ...outcomeOf(route, { ...request, variables }, config) };
}

function outcomeOf(route: Route, request: FilteredRequest, config: TrafficConfig): Pick<RequestExplanation, 'sent' | 'answer'> {
  const answer = tryFilters(route, request);
  if (answer !== undefined) return { answer };
  const { action } = route;
  if (action.kind === 'respond') return { answer: { status: action.status, headers: [] } };
  const base = action.kind === 'internal' ? action.path : (action.basePath ?? '');
  const own = action.kind === 'internal' && action.appendPath !== true ? '' : request.path;
  const path = (base + own).replaceAll(/\/{2,}/g, '/');
  const query = request.query === undefined ? '' : `?${request.query}`;
  const cluster = action.kind === 'forward' ? config.clusters.find(({ id }) => id === action.cluster) : undefined;
  const origin = request.upstreamUri ?? (cluster === undefined ? '' : originOf(describeCluster(cluster)));
  const host = request.upstreamHost ?? (origin === '' ? request.authority : (/^https?:\/\/([^/?#]+)/.exec(origin)?.[1] ?? ''));
  return {
    sent: {
      method: request.method,
      uri: request.upstreamUri ?? `${origin}${path}${query}`,
      headers: [['Host', host], ...request.headers.entries().filter(([name]) => name.toLowerCase() !== 'host')],
    },
  };
}

/** Lets the filters change the request; answers what one of them answers, or that one fails. */
function tryFilters(route: Route, request: FilteredRequest): RequestExplanation['answer'] {
  try {
    for (const filter of compileFilters(route.filters, { route: route.id })) {
      const answer = filter.onRequest?.(request);
      if (answer !== undefined) return { status: answer.status, headers: answer.headers };
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof CardeaError)) throw error;
    return { status: 500, headers: [], because: error.message };
  }
}

/** The first address of a list; an instance is chosen when the request is made. */
function originOf(description: string): string {
  const service = /^service (.*)$/.exec(description)?.[1];
  return service === undefined ? (description.split(', ')[0] ?? '') : `http://${service}`;
}

function requestOf({ method, url, headers, peerAddress }: AskedRequest): FilteredRequest {
  const [, scheme = 'http', host, rest = ''] = /^(?:(https?):\/\/([^/?#]+))?([^#]*)/i.exec(url) ?? [];
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  if (host === undefined && !rest.startsWith('/'))
    throw new CardeaError('invalid-url', `"${url}" is not a URL`, {
      source: 'downstream',
      remedy: 'write a path such as /orders/1, or a whole URL such as http://localhost:8080/orders/1',
    });
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const lines = new HeaderList(headers);
  const authority = lines.get('host') ?? host ?? 'localhost:8080';
  lines.set('Host', authority);
  return {
    method: method.toUpperCase(),
    originalPath: path,
    path,
    query: question < 0 ? undefined : target.slice(question + 1),
    headers: lines,
    authority,
    scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
    peerAddress,
    clientAddress: peerAddress,
    upstreamHost: undefined,
    upstreamUri: undefined,
    variables: {},
    contentLength: lines.has('content-length') ? Number(lines.get('content-length')) : undefined,
  };
}
