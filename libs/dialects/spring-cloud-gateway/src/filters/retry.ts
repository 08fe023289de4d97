import type { BoundNode } from '#config';
import { retryPolicy, type RetryPolicy } from '#traffic';
import { parseStatus, SERIES_NAMES, statusesOfSeries } from '../http-status.ts';
import type { FactoryTable } from '../route-draft.ts';

const SHORTCUT = [
  'retries',
  'statuses',
  'methods',
  'backoff.first-backoff',
  'backoff.max-backoff',
  'backoff.factor',
  'backoff.based-on-previous-value',
  'jitter.random-factor',
  'timeout',
];

/** `Retry`: 3 retries are 4 attempts; a status retries by series (5xx) and by list. */
export const retry: FactoryTable = {
  Retry: {
    shape: { shortcut: SHORTCUT },
    translate: (args, draft) => {
      const methods = (args.list('methods') ?? ['GET']).map((method) => method.toUpperCase());
      const backoff = readBackoff(args);
      const totalMs = args.duration('timeout');
      if (totalMs !== undefined) draft.timeouts = { ...draft.timeouts, totalMs };
      draft.retry = retryPolicy({
        retries: args.integer('retries', { min: 1 }) ?? 3,
        methods,
        statuses: [...new Set([...series(args), ...statuses(args)])],
        on: failures(args),
        ...(backoff === undefined ? {} : { backoff }),
      });
    },
  },
};

function series(args: BoundNode): readonly number[] {
  return (args.list('series') ?? ['SERVER_ERROR']).flatMap((name) => {
    const found = statusesOfSeries(name);
    if (found === undefined)
      args.at('series').report({
        code: 'invalid-value',
        message: `Retry: "${name}" is not a series`,
        remedy: `write one of ${SERIES_NAMES.join(', ')}`,
      });
    return found ?? [];
  });
}

function statuses(args: BoundNode): readonly number[] {
  return (args.list('statuses') ?? []).flatMap((text) => {
    const status = parseStatus(text);
    if (status === undefined)
      args.at('statuses').report({
        code: 'invalid-value',
        message: `Retry: "${text}" is not a status`,
        remedy: 'write a number such as 502 or a name such as BAD_GATEWAY',
      });
    return status ?? [];
  });
}

/** The Java exceptions that have a meaning here; the default is the original's. */
function failures(args: BoundNode): RetryPolicy['on'] {
  const written = args.list('exceptions');
  if (written === undefined) return ['connect', 'reset', 'timeout'];
  const on = new Set<RetryPolicy['on'][number]>();
  for (const name of written) {
    if (/(^|\.)(IOException|Exception|Throwable)$/.test(name))
      for (const kind of ['connect', 'reset'] as const) on.add(kind);
    else if (name.endsWith('ConnectException')) on.add('connect');
    else if (!name.endsWith('TimeoutException'))
      args.at('exceptions').report({
        severity: 'warning',
        code: 'no-effect',
        message: `Retry: nothing here throws ${name}`,
        remedy: 'list java.io.IOException and TimeoutException',
      });
    if (/(TimeoutException|(^|\.)Exception|Throwable)$/.test(name)) on.add('timeout');
  }
  return [...on];
}

function readBackoff(args: BoundNode): RetryPolicy['backoff'] {
  const backoff = args.at('backoff');
  if (!backoff.exists) return undefined;
  const maxMs = backoff.duration('max-backoff');
  backoff.boolean('based-on-previous-value');
  return {
    firstMs: backoff.duration('first-backoff') ?? 5,
    ...(maxMs === undefined ? {} : { maxMs }),
    factor: backoff.number('factor', { min: 1 }) ?? 2,
    jitter: args.at('jitter').exists ? (args.number('jitter.random-factor', { min: 0, max: 1 }) ?? 0.5) : 0,
  };
}
