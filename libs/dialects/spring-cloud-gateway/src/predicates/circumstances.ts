import type { BoundNode } from '#config';
import { required } from '../factory-call.ts';
import type { FactoryTable, RouteDraft } from '../route-draft.ts';
import { repeats, requiredList } from './path-and-host.ts';

/** Predicates about something else than the message: who, when, and by lot. */
export const circumstances: FactoryTable = {
  RemoteAddr: {
    shape: { shortcut: ['sources'], gather: 'list' },
    needsArguments: true,
    translate: (args, draft) => addRemoteAddresses(args, draft, 'peer'),
  },
  XForwardedRemoteAddr: {
    shape: { shortcut: ['sources'], gather: 'list' },
    needsArguments: true,
    translate: (args, draft) => addRemoteAddresses(args, draft, 'client'),
  },
  After: {
    shape: { shortcut: ['datetime'] },
    needsArguments: true,
    translate: (args, draft) => addTime(draft, { after: time(args, 'datetime') }),
  },
  Before: {
    shape: { shortcut: ['datetime'] },
    needsArguments: true,
    translate: (args, draft) => addTime(draft, { before: time(args, 'datetime') }),
  },
  Between: {
    shape: { shortcut: ['datetime1', 'datetime2'] },
    needsArguments: true,
    translate: (args, draft) => {
      const after = time(args, 'datetime1');
      const before = time(args, 'datetime2');
      if (after !== undefined && before !== undefined && after >= before)
        args.report({
          code: 'invalid-value',
          message: `Between: ${args.string('datetime1') ?? ''} is not before ${args.string('datetime2') ?? ''}`,
          remedy: 'swap the two',
        });
      addTime(draft, { after, before });
    },
  },
  Weight: {
    shape: { shortcut: ['group', 'weight'] },
    needsArguments: true,
    translate: (args, draft) => {
      const group = required(args, 'group') ?? '';
      const weight = required(args, 'weight') === undefined ? 0 : (args.integer('weight', { min: 0 }) ?? 0);
      if (!repeats(args, draft.match.weight)) draft.match = { ...draft.match, weight: { group, weight } };
    },
  },
};

function addRemoteAddresses(args: BoundNode, draft: RouteDraft, source: 'peer' | 'client'): void {
  const cidrs = requiredList(args, 'sources').map((each) => (each.includes('/') ? each : `${each}/32`));
  for (const cidr of cidrs)
    if (cidr.includes(':') && cidr.endsWith('/32'))
      args.report({
        severity: 'warning',
        code: 'wide-address-range',
        message: `${args.path}: ${cidr} covers far more than one address`,
        remedy: 'write /128 for one IPv6 address',
      });
  if (!repeats(args, draft.match.remoteAddresses)) draft.match = { ...draft.match, remoteAddresses: { cidrs, source } };
}

/** Several bounds narrow each other. */
function addTime(draft: RouteDraft, bounds: { after?: number | undefined; before?: number | undefined }): void {
  const after = Math.max(bounds.after ?? -Infinity, draft.match.time?.after ?? -Infinity);
  const before = Math.min(bounds.before ?? Infinity, draft.match.time?.before ?? Infinity);
  const time = { ...(after === -Infinity ? {} : { after }), ...(before === Infinity ? {} : { before }) };
  draft.match = { ...draft.match, time };
}

/** Epoch milliseconds of a Java `ZonedDateTime` (the zone's name after the offset only decorates it) or of a number. */
function time(args: BoundNode, name: string): number | undefined {
  const text = required(args, name);
  if (text === undefined) return undefined;
  const iso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))(?:\[[^\]]+\])?$/.exec(text);
  const value = /^\d+$/.test(text) ? Number(text) : Date.parse(iso?.[1] ?? '');
  if (!Number.isNaN(value)) return value;
  args.at(name).report({
    code: 'invalid-value',
    message: `${args.path}: "${text}" is not a time`,
    remedy: 'write it as 2026-01-31T12:00:00+01:00[Europe/Berlin] or in epoch milliseconds',
  });
  return undefined;
}
