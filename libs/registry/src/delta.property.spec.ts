import * as fc from 'fast-check';
import { instanceInfo, ManualClock } from '#testing';
import type { Lease } from './lease.ts';
import { LeaseRegistry } from './lease-registry.ts';
import { INSTANCE_STATUSES } from './status-rules.ts';

type Command = (registry: LeaseRegistry, clock: ManualClock) => unknown;

const app = fc.constantFrom('A', 'B');
const id = fc.constantFrom('1', '2', '3', '4');
const status = fc.constantFrom(...INSTANCE_STATUSES);
const dirty = fc.integer({ min: 1, max: 5 });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({
      app,
      id,
      status,
      lastDirtyAt: dirty,
      durationMs: fc.integer({ min: 500, max: 5_000 }),
      peer: fc.boolean(),
    })
    .map(
      ({ peer, ...info }): Command =>
        (registry) =>
          registry.register(instanceInfo(info), { believeStatus: peer }),
    ),
  fc.record({ app, id, dirty, peer: fc.boolean(), override: status }).map(
    (of): Command =>
      (registry) =>
        registry.renew(of.app, of.id, { lastDirtyAt: of.dirty, replication: of.peer, overriddenStatus: of.override }),
  ),
  fc.record({ app, id }).map(
    (of): Command =>
      (registry) =>
        registry.cancel(of.app, of.id),
  ),
  fc.record({ app, id, status }).map(
    (of): Command =>
      (registry) =>
        registry.setStatus(of.app, of.id, of.status),
  ),
  fc.record({ app, id, status }).map(
    (of): Command =>
      (registry) =>
        registry.deleteStatusOverride(of.app, of.id, of.status),
  ),
  fc.record({ app, id }).map(
    (of): Command =>
      (registry) =>
        registry.mergeMetadata(of.app, of.id, { k: of.id }),
  ),
  fc.integer({ min: 1, max: 3_000 }).map(
    (ms): Command =>
      (_registry, clock) =>
        clock.advance(ms),
  ),
);

/** A client's copy: key → what it shows of an instance. */
type Copy = Map<string, string>;

const shown = ({ info }: Lease): string => JSON.stringify([info.status, info.overriddenStatus, info.metadata]);
const copyOf = (registry: LeaseRegistry): Copy =>
  new Map([...registry.leases()].map((lease) => [lease.key, shown(lease)]));

/** What Eureka clients do with `apps/delta`: ADDED and MODIFIED are upserts, DELETED removes. */
function apply(copy: Copy, delta: readonly Lease[]): Copy {
  const next = new Map(copy);
  for (const lease of delta) {
    if (lease.info.actionType === 'DELETED') next.delete(lease.key);
    else next.set(lease.key, shown(lease));
  }
  return next;
}

function hashOf(copy: Copy): string {
  const counts = new Map<string, number>();
  for (const text of copy.values()) {
    const [status]: [string] = JSON.parse(text);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts.keys()]
    .sort()
    .map((name) => `${name}_${counts.get(name)}_`)
    .join('');
}

const sorted = (copy: Copy): unknown => [...copy].sort(([a], [b]) => (a < b ? -1 : 1));

it('a delta applied to an old full copy is the new full copy, hash included', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), fc.array(command, { maxLength: 30 }), (before, after) => {
      const clock = new ManualClock();
      // Held instances and a retention longer than any run keep the old copy within what a delta can mend.
      const registry = new LeaseRegistry(clock, { deltaRetentionMs: 200_000 });
      for (const run of before) run(registry, clock);
      const old = copyOf(registry);
      for (const run of after) run(registry, clock);
      const mended = apply(old, registry.delta.leases());
      expect(sorted(mended)).toEqual(sorted(copyOf(registry)));
      expect(hashOf(mended)).toBe(registry.hash());
    }),
    { numRuns: 400 },
  );
});

it('the hash and the feed agree with the registry after any interleaving', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const clock = new ManualClock();
      const registry = new LeaseRegistry(clock);
      const start = registry.changes.index;
      for (const run of commands) {
        run(registry, clock);
        expect(registry.hash()).toBe(hashOf(copyOf(registry)));
        expect(registry.size).toBe([...registry.leases()].length);
      }
      const followed = new Map<string, string>();
      for (const { type, info } of registry.changes.since(start) ?? []) {
        const key = `${info.app}/${info.id}`;
        if (type === 'removed') followed.delete(key);
        else followed.set(key, JSON.stringify([info.status, info.overriddenStatus, info.metadata]));
      }
      expect(sorted(followed)).toEqual(sorted(copyOf(registry)));
    }),
    { numRuns: 400 },
  );
});

it('no lease outlives its duration by more than a step unless it is held', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const clock = new ManualClock();
      const registry = new LeaseRegistry(clock);
      for (const run of commands) {
        run(registry, clock);
        for (const lease of registry.leases()) {
          if (lease.held === undefined) expect(clock.monotonic() - lease.deadline).toBeLessThanOrEqual(20);
        }
      }
    }),
    { numRuns: 200 },
  );
});
