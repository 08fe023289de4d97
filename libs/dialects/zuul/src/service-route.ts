import type { BoundNode } from '#config';
import {
  cluster,
  CLUSTER_DEFAULTS,
  retryPolicy,
  type BalancingRule,
  type CircuitBreakerPolicy,
  type Cluster,
  type RetryPolicy,
} from '#traffic';
import { layered, type Layers } from './layered.ts';
import { staticServers } from './static-servers.ts';
import type { RouteTarget } from './url-route.ts';
import type { ZuulSettings } from './zuul-settings.ts';

const ALL_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const RULES: Readonly<Record<string, BalancingRule>> = {
  RoundRobinRule: 'round-robin',
  ZoneAvoidanceRule: 'round-robin',
  AvailabilityFilteringRule: 'round-robin',
  RandomRule: 'random',
  BestAvailableRule: 'least-request',
  WeightedResponseTimeRule: 'peak-ewma',
};

/** A service: Ribbon's balancing and retries inside one Hystrix command. */
export function serviceTarget(
  service: string,
  ownRetryable: boolean | undefined,
  root: BoundNode,
  settings: ZuulSettings,
): RouteTarget {
  const ribbon = layered([root.at(service).at('ribbon'), root.at('ribbon')]);
  const connectMs = ribbon.duration('connect-timeout') ?? 1000;
  const readMs = ribbon.duration('read-timeout') ?? 1000;
  const perServer = (ribbon.integer('max-auto-retries', { min: 0 }) ?? 0) + 1;
  const servers = (ribbon.integer('max-auto-retries-next-server', { min: 0 }) ?? 1) + 1;
  const retryable = ownRetryable ?? settings.retryable;
  const budgetMs = (connectMs + readMs) * perServer * servers;
  const upstream = clusterOf(service, root, ribbon, connectMs);
  return {
    action: { kind: 'forward', cluster: upstream.id, mergeSlashes: true },
    cluster: upstream,
    timeouts: { responseMs: readMs },
    ...(retryable && perServer * servers > 1 ? { retry: retryOf(ribbon, perServer * servers - 1, readMs) } : {}),
    breaker: commandOf(service, root, budgetMs),
  };
}

function clusterOf(service: string, root: BoundNode, ribbon: Layers, connectTimeoutMs: number): Cluster {
  const secure = ribbon.boolean('is-secure');
  const semaphore =
    root.at('zuul.eureka').at(service).integer('semaphore.max-semaphores', { min: 1 }) ??
    root.integer('zuul.semaphore.max-semaphores', { min: 1 }) ??
    100;
  return cluster({
    id: service,
    endpoints: staticServers(service, root) ?? { kind: 'discovered', service },
    balancing: ruleOf(root.at(service).at('ribbon.nf-load-balancer-rule-class-name')),
    ...(secure === true ? { tls: { verify: true } } : {}),
    connectTimeoutMs,
    maxConnections: ribbon.integer('max-connections-per-host', { min: 1 }) ?? CLUSTER_DEFAULTS.maxConnections,
    maxConcurrentRequests: semaphore,
  });
}

function ruleOf(node: BoundNode): BalancingRule {
  const name = node.text?.split('.').at(-1);
  const rule = RULES[name ?? 'ZoneAvoidanceRule'];
  if (rule !== undefined) return rule;
  node.report({
    severity: 'warning',
    code: 'unsupported',
    message: `the rule ${name ?? ''} is not known; instances are taken in turn`,
    remedy: `write one of ${Object.keys(RULES).join(', ')}`,
  });
  return 'round-robin';
}

/** Only GET is repeated, not even HEAD, unless all operations are said to be safe. No pause in between. */
function retryOf(ribbon: Layers, retries: number, perTryTimeoutMs: number): RetryPolicy {
  const statuses = (ribbon.list('retryable-status-codes') ?? [])
    .map(Number)
    .filter((status) => Number.isInteger(status));
  return retryPolicy({
    retries,
    methods: ribbon.boolean('ok-to-retry-on-all-operations') === true ? ALL_METHODS : ['GET'],
    statuses,
    on: ['connect', 'reset', 'timeout'],
    perTryTimeoutMs,
  });
}

/** The command's circuit. Answers of the service are successes, 5xx too. */
function commandOf(service: string, root: BoundNode, budgetMs: number): CircuitBreakerPolicy {
  const own = root.at('hystrix.command').at(service);
  const command = layered([own, root.at('hystrix.command.default')]);
  const circuit = command.at('circuit-breaker');
  const written = positive(own) ?? positive(root.at('hystrix.command.default'));
  if (written !== undefined && written.ms < budgetMs)
    written.node.report({
      severity: 'warning',
      code: 'timeout-too-short',
      message: `${written.ms} ms end a call to ${service} before its attempts may (${budgetMs} ms)`,
      remedy: `write at least ${budgetMs}, or lower ReadTimeout or the retries of Ribbon`,
    });
  const never = circuit.boolean('enabled') === false || circuit.boolean('force-closed') === true;
  const bounded = command.boolean('execution.timeout.enabled') ?? true;
  if (circuit.boolean('force-open') === true)
    circuit.report('force-open', {
      code: 'unsupported',
      message: 'forceOpen is not supported',
      remedy: 'remove the route',
    });
  return {
    name: service,
    window: { kind: 'time', ms: command.duration('metrics.rolling-stats.time-in-milliseconds') ?? 10_000 },
    minimumCalls: never ? Number.MAX_SAFE_INTEGER : (circuit.integer('request-volume-threshold', { min: 1 }) ?? 20),
    failureRateThreshold: circuit.number('error-threshold-percentage', { min: 0, max: 100 }) ?? 50,
    openMs: circuit.duration('sleep-window-in-milliseconds') ?? 5000,
    halfOpenCalls: 1,
    failureStatuses: [],
    ...(bounded ? { timeoutMs: written?.ms ?? budgetMs } : {}),
  };
}

function positive(command: BoundNode): { readonly ms: number; readonly node: BoundNode } | undefined {
  const node = command.at('execution.isolation.thread.timeout-in-milliseconds');
  const ms = node.duration();
  return ms !== undefined && ms > 0 ? { ms, node } : undefined;
}
