import type { BoundNode } from '#config';
import { BREAKER_DEFAULTS, type CircuitBreakerPolicy } from '#traffic';
import { parseStatus } from '../http-status.ts';
import type { FactoryTable } from '../route-draft.ts';

/** `CircuitBreaker`, with the `resilience4j.*` settings that belong to its name. */
export const circuitBreaker: FactoryTable = {
  CircuitBreaker: {
    shape: { shortcut: ['name'] },
    translate: (args, draft) => {
      const name = args.string('name') ?? draft.id;
      const fallbackPath = readFallback(args);
      if (args.boolean('resume-without-error') === true)
        args.at('resume-without-error').report({
          severity: 'warning',
          code: 'unsupported',
          message: 'CircuitBreaker: resumeWithoutError is not supported',
          remedy: 'give a fallbackUri that answers as you wish',
        });
      draft.breaker = {
        name,
        ...readPolicy(draft.root, name),
        failureStatuses: readStatuses(args),
        ...(fallbackPath === undefined ? {} : { fallbackPath }),
      };
    },
  },
};

function readStatuses(args: BoundNode): readonly number[] {
  return (args.list('status-codes') ?? []).flatMap((text) => {
    const status = parseStatus(text);
    if (status === undefined)
      args.at('status-codes').report({
        code: 'invalid-value',
        message: `CircuitBreaker: "${text}" is not a status`,
        remedy: 'write a number such as 500 or a name such as NOT_FOUND',
      });
    return status ?? [];
  });
}

function readFallback(args: BoundNode): string | undefined {
  const written = args.string('fallback-uri');
  if (written === undefined || written === '') return undefined;
  const path = /^forward:(?:\/\/[^/]*)?(\/.*)$/.exec(written)?.[1];
  if (path === undefined)
    args.at('fallback-uri').report({
      code: 'invalid-value',
      message: `CircuitBreaker: the fallback "${written}" is not a path inside the gateway`,
      remedy: 'write fallbackUri: forward:/path and a route for that path',
    });
  return path;
}

/** resilience4j's own defaults; its time limiter gives each call one second. */
function readPolicy(root: BoundNode, name: string): Omit<CircuitBreakerPolicy, 'name' | 'failureStatuses'> {
  const layers = layersOf(root.at('resilience4j.circuitbreaker'), name);
  const limiter = layersOf(root.at('resilience4j.timelimiter'), name);
  const first = <Value>(
    nodes: readonly BoundNode[],
    read: (node: BoundNode) => Value | undefined,
  ): Value | undefined => {
    for (const node of nodes) {
      const value = read(node);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const size = first(layers, (node) => node.integer('sliding-window-size', { min: 1 })) ?? 100;
  const kind = first(layers, (node) => node.oneOf('sliding-window-type', ['count-based', 'time-based']));
  const timeoutMs = first(limiter, (node) => node.duration('timeout-duration')) ?? 1000;
  const noLimit = first(layers, (node) => node.boolean('disable-time-limiter')) === true;
  const minimum =
    first(layers, (node) => node.integer('minimum-number-of-calls', { min: 1 })) ?? BREAKER_DEFAULTS.minimumCalls;
  return {
    window: kind === 'time-based' ? { kind: 'time', ms: size * 1000 } : { kind: 'count', size },
    minimumCalls: kind === 'time-based' ? minimum : Math.min(minimum, size),
    failureRateThreshold:
      first(layers, (node) => node.number('failure-rate-threshold', { min: 0, max: 100 })) ??
      BREAKER_DEFAULTS.failureRateThreshold,
    slowCallRateThreshold:
      first(layers, (node) => node.number('slow-call-rate-threshold', { min: 0, max: 100 })) ?? 100,
    slowCallDurationMs: first(layers, (node) => node.duration('slow-call-duration-threshold')) ?? 60_000,
    openMs: first(layers, (node) => node.duration('wait-duration-in-open-state')) ?? BREAKER_DEFAULTS.openMs,
    halfOpenCalls:
      first(layers, (node) => node.integer('permitted-number-of-calls-in-half-open-state', { min: 1 })) ??
      BREAKER_DEFAULTS.halfOpenCalls,
    ...(noLimit ? {} : { timeoutMs }),
  };
}

/** Where a setting may stand, strongest first: the instance, the configuration it is based on, the default. */
function layersOf(node: BoundNode, name: string): readonly BoundNode[] {
  const instance = node.at('instances').entry(name);
  const base = instance.string('base-config') ?? 'default';
  return [
    instance,
    node.at('configs').entry(base),
    ...(base === 'default' ? [] : [node.at('configs').entry('default')]),
  ];
}
