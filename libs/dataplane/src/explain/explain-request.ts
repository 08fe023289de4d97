import { CardeaError, type Problem, type SourceLocation } from '#kernel';
import { describeCluster, describeRoute, type Route, type TrafficConfig } from '#traffic';
import { compileFilters } from '../filters/index.ts';
import { ForwardingRules } from '../forwarding.ts';
import { FORWARDING, HeaderKind, HOP_BY_HOP } from '../message/header-kind.ts';
import { internalPath, MAX_HOPS, upstreamPath } from '../target-path.ts';
import { compileRouter, type PredicateCheck, type Router } from '../match/index.ts';
import { type AskedRequest, type ExplainedRequest, requestOf } from './asked-request.ts';
import type { ClusterView } from './plane-view.ts';

type Lines = readonly (readonly [string, string])[];

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
  /** What is wrong with the route that matches; absent when nothing is. */
  readonly problems?: readonly Problem[];
  /** The instances there are to choose from; absent when no running gateway was asked. */
  readonly cluster?: ClusterView;
  /** The request is matched again inside the gateway, under another path: what becomes of it there. */
  readonly forwarded?: RequestExplanation & { readonly path: string };
  readonly sent?: { readonly method: string; readonly uri: string; readonly headers: Lines };
  /** Set when the gateway answers by itself. */
  readonly answer?: {
    readonly status: number;
    readonly headers: Lines;
    /** Why a filter fails. */
    readonly because?: string;
  };
}

const NOT_SENT = HOP_BY_HOP | FORWARDING | HeaderKind.host;
/** Compiling thousands of routes takes a while, and people ask more than once. */
const routers = new WeakMap<TrafficConfig, Router>();

/** `clusters`: what a running data plane sees. Throws a CardeaError for what is no request. */
export function explainRequest(
  config: TrafficConfig,
  asked: AskedRequest,
  clusters: readonly ClusterView[] = [],
): RequestExplanation {
  const forwarding = new ForwardingRules(config.forwarding);
  const router = routers.get(config) ?? compileRouter(config.routes);
  routers.set(config, router);
  return explain({ config, router, forwarding, clusters }, requestOf(asked, forwarding), MAX_HOPS);
}

interface Asking {
  readonly config: TrafficConfig;
  readonly router: Router;
  readonly forwarding: ForwardingRules;
  readonly clusters: readonly ClusterView[];
}

function explain(asking: Asking, request: ExplainedRequest, hops: number): RequestExplanation {
  const { config, router, clusters } = asking;
  const { match, routes } = router.explain(request);
  const end = match === undefined ? routes.length : match.index + 1;
  const tried = routes.slice(0, end).map(({ route, matched, checks }) => ({
    id: route.id,
    matched,
    checks,
    ...(route.location === undefined ? {} : { location: route.location }),
  }));
  if (match === undefined) return { tried };
  const { route, variables } = match;
  const { filters, target } = describeRoute(route, new Map(config.clusters.map((cluster) => [cluster.id, cluster])));
  const described = {
    id: route.id,
    ...(route.dialect === undefined ? {} : { dialect: route.dialect }),
    ...(route.location === undefined ? {} : { location: route.location }),
    variables,
    filters,
    target,
  };
  const { action } = route;
  const cluster = action.kind === 'forward' ? clusters.find(({ id }) => id === action.cluster) : undefined;
  const seen = { ...request, variables };
  const answer = tryFilters(route, seen);
  const outcome = answer === undefined ? outcomeOf(route, seen, asking, hops) : { answer };
  const problems = config.problems.filter(({ subject }) => subject === route.id);
  const found = problems.length > 0 && { problems };
  return { tried, route: described, ...found, ...(cluster && { cluster }), ...outcome };
}

function outcomeOf(
  route: Route,
  request: ExplainedRequest,
  asking: Asking,
  hops: number,
): Pick<RequestExplanation, 'sent' | 'answer' | 'forwarded'> {
  const { action } = route;
  if (action.kind === 'respond') return { answer: { status: action.status, headers: [] } };
  if (action.kind === 'internal') {
    if (hops <= 1)
      return { answer: { status: 500, headers: [], because: 'it is forwarded inside the gateway too often' } };
    const path = internalPath(action, request.path);
    return { forwarded: { path, ...explain(asking, { ...request, path }, hops - 1) } };
  }
  const { config, forwarding } = asking;
  const path = upstreamPath(action, request.path);
  const query = request.query === undefined ? '' : `?${request.query}`;
  const cluster = config.clusters.find(({ id }) => id === action.cluster);
  const origin = request.upstreamUri ?? (cluster === undefined ? '' : originOf(describeCluster(cluster)));
  const host =
    request.upstreamHost ?? (origin === '' ? request.authority : (/^https?:\/\/([^/?#]+)/.exec(origin)?.[1] ?? ''));
  return {
    sent: {
      method: request.method,
      uri: request.upstreamUri ?? `${origin}${path}${query}`,
      headers: [['Host', host], ...request.headers.kept(NOT_SENT), ...forwardingLines(forwarding, request)],
    },
  };
}

function forwardingLines(rules: ForwardingRules, { headers, peerAddress, authority, scheme }: ExplainedRequest): Lines {
  const text = rules.lines(headers, { peerAddress, authority, scheme, localPort: 0 });
  return [...text.matchAll(/^(.*?): (.*)\r$/gm)].map(([, name = '', value = '']) => [name, value]);
}

/** Lets the filters change the request; answers what one of them answers, or that one fails. */
function tryFilters(route: Route, request: ExplainedRequest): RequestExplanation['answer'] {
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
