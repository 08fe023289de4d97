import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PropertySource } from '#config';
import { type InstanceStatus, Journal, type JournalEntry } from '#kernel';
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

let told: JournalEntry[] = [];
const control = () =>
  new TrafficControl(
    plane,
    new LastGoodFile(folder),
    clock,
    'gateway',
    undefined,
    new Journal((entry) => told.push(entry)),
  );
const lines = () => told.splice(0).map(({ level, message }) => `${level} ${message}`);

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
    await subject.close();
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

  it('has written what it took when it is closed', async () => {
    const subject = control();
    void subject.takeConfiguration(ORDERS, 'c1');
    await subject.close();
    const next = control();
    await next.useLastGood();
    expect(next.configuration.commit).toBe('c1');
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

  /** Two routes, of which the first has this predicate. */
  const twoRoutes = (predicate: string) =>
    sources({
      'spring.cloud.gateway.routes[0].id': 'a',
      'spring.cloud.gateway.routes[0].uri': 'http://127.0.0.1:9',
      'spring.cloud.gateway.routes[0].predicates[0]': predicate,
      'spring.cloud.gateway.routes[1].id': 'b',
      'spring.cloud.gateway.routes[1].uri': 'lb://b',
      'spring.cloud.gateway.routes[1].predicates[0]': 'Path=/b/**',
    });

  it('serves the version before of a route that an edit broke, after a restart too, and the mended one', async () => {
    const subject = control();
    await subject.takeConfiguration(twoRoutes('Path=/a/**'), 'c1');
    const [good] = subject.traffic?.routes ?? [];
    for (const [commit, nonsense] of ['Pth=/a/**', 'Method=G T', 'Paath=/x'].entries()) {
      await subject.takeConfiguration(twoRoutes(nonsense), `c2.${commit}`);
      expect(subject.traffic?.routes.map(({ id }) => id)).toEqual(['a', 'b']);
      expect(plane.applied.at(-1)?.routes[0]).toEqual(good);
      expect(plane.applied.at(-1)?.clusters).toHaveLength(2);
      expect(subject.traffic?.problems).toMatchObject([
        {
          subject: 'a',
          message: expect.stringMatching(/\(the version before is served\)$/),
          location: { file: 'gateway.yml' },
        },
      ]);
    }
    const later = control();
    await later.takeConfiguration(twoRoutes('Paath=/x'), 'c3');
    expect(later.traffic?.routes[0]).toEqual(good);
    const explained = await later.explain({ method: 'GET', url: '/a/1', headers: [], peerAddress: '::1' });
    expect(explained.problems).toMatchObject([{ message: expect.stringContaining('the version before is served') }]);
    await later.takeConfiguration(twoRoutes('Path=/y'), 'c4');
    expect(later.traffic?.routes[0]?.match).toMatchObject({ paths: [expect.objectContaining({ value: '/y' })] });
    expect(later.traffic?.problems).toEqual([]);
    await later.takeConfiguration(ORDERS, 'c5');
    expect(later.traffic?.routes.map(({ id }) => id)).toEqual(['orders']);
  });

  it('tells what becomes of configurations, once each', async () => {
    told = [];
    const subject = control();
    await subject.takeConfiguration(ORDERS, 'c1');
    const { version } = subject.traffic ?? {};
    expect(lines()).toEqual([`info configuration c1 is in effect, version ${version}: 1 route, 0 problems`]);
    const refusal = { severity: 'error', code: 'x', message: 'no YAML', location: { file: 'a.yml', line: 2 } } as const;
    await subject.takeRefusal([refusal]);
    await subject.takeRefusal([refusal]);
    expect(lines()).toEqual([
      'error the newest configuration is not good (1 problem): c1 stays in effect',
      'error a.yml:2: no YAML',
    ]);
    await subject.takeConfiguration(ORDERS, 'c2');
    await subject.takeConfiguration(ORDERS, 'c3');
    expect(lines()).toEqual([
      'info the configuration is good again: c2 says what is in effect',
      'debug c3 changes nothing of what is in effect',
    ]);
    plane.refuse = 'a pattern is too long';
    await subject.takeConfiguration(twoRoutes('Path=/a'), 'c4');
    expect(lines()).toEqual([
      'error the newest configuration is not good (1 problem): c3 stays in effect',
      'error a pattern is too long',
    ]);
    plane.refuse = undefined;
    await subject.takeConfiguration(twoRoutes('Pth=/a'), '0123456789012345678901234567890123456789+1234');
    expect(lines()).toEqual([
      expect.stringMatching(
        /^info configuration 01234567 with edits that are not committed is in effect, .*: 1 route, 1/,
      ),
      'error gateway.yml:3: unknown predicate "Pth"; did you mean Path?',
    ]);
    const next = control();
    await next.useLastGood('the config server is away');
    expect(lines()).toEqual([
      expect.stringMatching(
        /^warn the last good configuration \(01234567 .* of 20.*Z\) is served, because the config server is away: 1 route/,
      ),
      'error gateway.yml:3: unknown predicate "Pth"; did you mean Path?',
    ]);
  });

  it('tells when the configuration cannot be kept on disk, and when it can again', async () => {
    told = [];
    writeFileSync(join(folder, 'gateway'), 'a file where a folder should be');
    const subject = control();
    await subject.takeConfiguration(ORDERS, 'c1');
    await subject.takeConfiguration(twoRoutes('Path=/a'), 'c2');
    expect(lines().filter((line) => line.includes('kept'))).toEqual([expect.stringMatching(/^warn .* cannot be kept/)]);
    rmSync(join(folder, 'gateway'));
    await subject.takeConfiguration(ORDERS, 'c3');
    expect(lines().at(-1)).toBe('info the configuration is kept on disk again');
  });

  it('serves the version before of a Zuul route too', async () => {
    const subject = control();
    const routes = (url: string) =>
      sources({ 'zuul.routes.shop.path': '/shop/**', 'zuul.routes.shop.url': url, 'zuul.routes.b.path': '/b/**' });
    await subject.takeConfiguration(routes('http://127.0.0.1:9'), 'c1');
    await subject.takeConfiguration(routes('http://'), 'c2');
    expect(subject.traffic?.routes.map(({ id }) => id)).toEqual(['shop', 'b']);
    expect(subject.traffic?.problems).toMatchObject([
      { code: 'invalid-url', message: expect.stringMatching(/before/) },
    ]);
  });

  it('tells of every edit where states have no names, and not of services that come and go', async () => {
    told = [];
    const subject = control();
    const open = (path: string) => sources({ 'zuul.routes.shop.path': path, 'zuul.routes.shop.url': 'http://h:9' });
    await subject.takeConfiguration(open('/a/**'), '');
    await subject.takeConfiguration(open('/b/**'), '');
    await subject.takeSnapshot({ index: 1, instances: [instance('a', 'stock')] });
    expect(lines().map((line) => line.replace(/version \w+/, 'v'))).toEqual([
      'info configuration from files is in effect, v: 1 route, 0 problems',
      'info configuration from files is in effect, v: 1 route, 0 problems',
      'debug configuration from files is in effect, v: 2 routes, 0 problems',
    ]);
  });

  it('serves the first of two routes with one id, as its problem says', async () => {
    const subject = control();
    const written = (id: string, other: string) =>
      sources({
        'spring.cloud.gateway.routes[0].id': id,
        'spring.cloud.gateway.routes[0].uri': 'lb://a',
        'spring.cloud.gateway.routes[0].predicates[0]': 'Path=/a',
        'spring.cloud.gateway.routes[1].id': other,
        'spring.cloud.gateway.routes[1].uri': 'lb://b',
        'spring.cloud.gateway.routes[1].predicates[0]': 'Path=/b',
      });
    await subject.takeConfiguration(written('a', 'a'), 'c1');
    expect(subject.traffic?.routes).toMatchObject([{ id: 'a', action: { cluster: 'lb://a' } }]);
    expect(subject.traffic?.problems).toMatchObject([
      { code: 'duplicate-route', message: expect.stringMatching(/serves$/) },
    ]);
    await subject.takeConfiguration(written('b', 'b'), 'c2');
    expect(subject.traffic?.routes).toMatchObject([{ id: 'b', action: { cluster: 'lb://a' } }]);
  });
});
