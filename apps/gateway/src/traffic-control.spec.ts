import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PropertySource } from '#config';
import type { InstanceStatus } from '#kernel';
import type { InstanceView } from '#protocols/registry-api';
import { ManualClock } from '#testing';
import { RecordingPlane } from '../../../test/recording-plane.ts';
import { LastGoodFile } from './last-good.ts';
import { TrafficControl } from './traffic-control.ts';

let folder: string;
let plane: RecordingPlane;
const clock = new ManualClock();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-gateway-'));
  plane = new RecordingPlane();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sources(properties: Readonly<Record<string, string>>): readonly PropertySource[] {
  const entries = Object.entries(properties).map(
    ([key, value], index) => [key, { value, origin: { file: 'gateway.yml', line: index + 1 } }] as const,
  );
  return [{ name: 'gateway.yml', properties: new Map(entries) }];
}

const ORDERS = sources({ 'zuul.ignoredServices': '*', 'zuul.routes.orders.path': '/orders/**' });

function instance(id: string, service = 'orders', status: InstanceStatus = 'UP'): InstanceView {
  const times = { ttlMs: 1_000, registeredAt: 0, lastRenewalAt: 0, expiresAt: 0 };
  const lease = { ...times, held: null, protocol: 'json' as const };
  return { id, service, host: '127.0.0.1', port: 5_000, secure: false, status, weight: 1, metadata: {}, ...lease };
}

const control = () => new TrafficControl(plane, new LastGoodFile(folder), clock, 'gateway');

describe('TrafficControl', () => {
  it('gives the data plane routes, then the instances that are up', async () => {
    const subject = control();
    await subject.takeSnapshot({ index: 1, instances: [instance('a'), instance('b', 'orders', 'DOWN')] });
    await subject.takeConfiguration(ORDERS, 'c1');
    expect(plane.applied.map(({ routes }) => routes.map(({ id }) => id))).toEqual([['orders']]);
    expect(plane.endpoints.get('orders')).toEqual(['a']);
    await subject.takeChanges({ index: 2, changes: [{ type: 'added', instance: instance('c') }] });
    expect(plane.endpoints.get('orders')).toEqual(['a', 'c']);
    await subject.takeChanges({
      index: 4,
      changes: [
        { type: 'removed', instance: instance('a') },
        { type: 'removed', instance: instance('c') },
      ],
    });
    expect(plane.endpoints.get('orders')).toEqual([]);
    expect(plane.applied).toHaveLength(1);
  });

  it('says of an instance why it is kept when it explains a request', async () => {
    const subject = control();
    await subject.takeConfiguration(ORDERS, 'c1');
    await subject.takeSnapshot({ index: 1, startedAt: 1, instances: [instance('a')] });
    await subject.takeSnapshot({ index: 1, startedAt: 2, instances: [] });
    const seen = { id: 'a', host: '127.0.0.1', port: 5_000, weight: 1, active: 0, ejectedBy: 0 };
    plane.clusters = [{ id: 'orders', balancing: 'random', planes: 1, endpoints: [seen, { ...seen, id: 'b' }] }];
    const { cluster } = await subject.explain({ method: 'GET', url: '/orders/1', headers: [], peerAddress: '::1' });
    expect(cluster?.endpoints.map(({ note }) => note)).toEqual([
      expect.stringMatching(/^kept until 20..-.*: not yet known to the restarted registry$/),
      undefined,
    ]);
    subject.close();
  });

  it('makes automatic routes when services come', async () => {
    const subject = control();
    await subject.takeConfiguration(sources({ 'zuul.prefix': '/api' }), 'c1');
    await subject.takeSnapshot({ index: 1, instances: [instance('a', 'stock')] });
    expect(plane.applied.at(-1)?.routes.map(({ id }) => id)).toEqual(['stock']);
  });

  it('stays with what is in effect when the data plane refuses something newer', async () => {
    const subject = control();
    await subject.takeConfiguration(ORDERS, 'c1');
    plane.refuse = 'a pattern is too long';
    await subject.takeConfiguration(sources({ 'zuul.routes.stock.path': '/stock/**' }), 'c2');
    expect(subject.traffic?.routes.map(({ id }) => id)).toEqual(['orders']);
    expect(subject.configuration).toMatchObject({ commit: 'c1', state: 'last-good' });
    expect(subject.refusals).toMatchObject([{ message: 'a pattern is too long' }]);
    plane.refuse = undefined;
    await subject.takeConfiguration(ORDERS, 'c3');
    expect(subject.configuration).toMatchObject({ commit: 'c3', state: 'live' });
    expect(subject.refusals).toEqual([]);
  });

  it('uses the last good configuration from disk until there is a newer one', async () => {
    await control().takeConfiguration(ORDERS, 'c1');
    const since = clock.now();
    clock.advance(60_000);
    const next = control();
    await next.useLastGood();
    expect(next.traffic?.routes.map(({ id }) => id)).toEqual(['orders']);
    expect(next.configuration).toEqual({ commit: 'c1', state: 'last-good', since });
    await next.takeConfiguration(sources({ 'zuul.routes.stock.path': '/stock/**' }), 'c2');
    expect(next.configuration).toMatchObject({ commit: 'c2', state: 'live' });
    await next.useLastGood();
    expect(next.configuration.state).toBe('live');
  });

  it('has nothing to fall back to when the file is torn', async () => {
    await control().takeConfiguration(ORDERS, 'c1');
    const [file = ''] = readdirSync(join(folder, 'gateway'));
    writeFileSync(join(folder, 'gateway', file), '{"commit":"c1","traf');
    const next = control();
    await next.useLastGood();
    expect(next.configuration.state).toBe('none');
  });

  it('leaves a broken route out, with its problem and its line', async () => {
    const subject = control();
    await subject.takeConfiguration(
      sources({
        'spring.cloud.gateway.routes[0].id': 'bad',
        'spring.cloud.gateway.routes[0].uri': 'lb://bad',
        'spring.cloud.gateway.routes[0].predicates[0]': 'Pth=/bad/**',
        'zuul.routes.orders.path': '/orders/**',
      }),
      'c1',
    );
    expect(subject.traffic?.routes.map(({ id }) => id)).toEqual(['orders']);
    expect(subject.traffic?.problems).toMatchObject([
      { severity: 'error', location: { file: 'gateway.yml', line: 3 } },
    ]);
  });
});
