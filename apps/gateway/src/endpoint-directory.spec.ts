import type { InstanceView } from '#protocols/registry-api';
import { ManualClock } from '#testing';
import { cluster, trafficConfig } from '#traffic';
import { EndpointDirectory } from './endpoint-directory.ts';

const TTL = 2_000;
const config = trafficConfig({
  clusters: [cluster({ id: 'orders', endpoints: { kind: 'discovered', service: 'orders' } })],
});
let clock: ManualClock;
let directory: EndpointDirectory;
let dropped: string[];

beforeEach(() => {
  clock = new ManualClock();
  dropped = [];
  directory = new EndpointDirectory(clock, (services) => dropped.push(...services));
});

function instance(id: string, more: Partial<InstanceView> = {}): InstanceView {
  const now = clock.now();
  const lease = { ttlMs: TTL, registeredAt: now, lastRenewalAt: now, expiresAt: now + TTL, held: null };
  const address = { host: '127.0.0.1', port: Number(id.slice(1)), secure: false, weight: 1, metadata: {} };
  return { id, service: 'orders', status: 'UP', ...address, ...lease, protocol: 'json', ...more };
}

const ids = () => directory.endpointSets(config).flatMap(({ endpoints }) => endpoints.map(({ id }) => id));

describe('an endpoint directory whose registry restarted', () => {
  beforeEach(() => {
    directory.takeSnapshot({ index: 1, startedAt: 100, instances: [instance('i1'), instance('i2')] });
    // Renewals are no changes: what is known of the leases is old by now.
    clock.advance(60_000);
  });

  it('keeps who is missing for the time that the registry would have given them, then drops them', () => {
    const touched = directory.takeSnapshot({ index: 1, startedAt: 200, instances: [instance('i1')] });
    expect([...touched]).toEqual(['orders']);
    expect(ids()).toEqual(['i1', 'i2']);
    expect(directory.kept).toMatchObject([{ instance: { id: 'i2' }, until: clock.now() + TTL }]);
    clock.advance(TTL - 1);
    expect(ids()).toEqual(['i1', 'i2']);
    clock.advance(1);
    expect(dropped).toEqual(['orders']);
    expect(ids()).toEqual(['i1']);
    expect(directory.kept).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('adds what the lease had left, up to its duration once more', () => {
    directory.takeChanges({ index: 2, changes: [{ type: 'modified', instance: instance('i2') }] });
    clock.advance(500);
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    clock.advance(TTL + 1_499);
    expect(ids()).toContain('i2');
    clock.advance(1);
    expect(ids()).toEqual([]);
    expect(directory.services).toEqual([]);
  });

  it('keeps a service nobody has told of yet, so that its routes stay', () => {
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    expect(directory.services).toEqual(['orders']);
  });

  it('takes the word of the registry once it knows an instance again, or says that it left', () => {
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    directory.takeChanges({
      index: 3,
      changes: [
        { type: 'added', instance: instance('i1', { status: 'DOWN' }) },
        { type: 'removed', instance: instance('i2') },
      ],
    });
    expect(ids()).toEqual([]);
    expect(directory.kept).toEqual([]);
    directory.takeChanges({ index: 4, changes: [{ type: 'modified', instance: instance('i1') }] });
    clock.advance(10 * TTL);
    expect(ids()).toEqual(['i1']);
  });

  it('counts an address once when its instance comes back under another id', () => {
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    directory.takeChanges({ index: 2, changes: [{ type: 'added', instance: instance('new', { port: 1 }) }] });
    expect(ids()).toEqual(['i2', 'new']);
  });

  it('gives everyone their time again when the registry restarts once more', () => {
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    clock.advance(TTL - 1);
    directory.takeSnapshot({ index: 1, startedAt: 300, instances: [instance('i1')] });
    clock.advance(TTL - 1);
    expect(ids()).toEqual(['i1', 'i2']);
  });

  it('forgets its timers when it closes', () => {
    directory.takeSnapshot({ index: 1, startedAt: 200, instances: [] });
    directory.close();
    expect(clock.pending).toBe(0);
  });
});

it('removes at once what is missing from another snapshot of the same registry', () => {
  directory.takeSnapshot({ index: 1, startedAt: 100, instances: [instance('i1'), instance('i2')] });
  directory.takeSnapshot({ index: 9, startedAt: 100, instances: [instance('i2')] });
  expect(ids()).toEqual(['i2']);
  expect(directory.kept).toEqual([]);
});
