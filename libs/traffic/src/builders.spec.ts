import { cluster, endpoint, route, trafficConfig } from './builders.ts';
import { versionOf } from './version.ts';

describe('builders', () => {
  it('fill in what is usual', () => {
    expect(route({ id: 'orders' })).toEqual({
      id: 'orders',
      match: {},
      filters: [],
      action: { kind: 'forward', cluster: 'orders' },
    });
    expect(cluster({ id: 'orders', maxConnections: 2 })).toEqual({
      id: 'orders',
      endpoints: { kind: 'discovered', service: 'orders' },
      balancing: 'round-robin',
      protocol: 'http1',
      connectTimeoutMs: 2_000,
      idleTimeoutMs: 55_000,
      maxConnections: 2,
      maxPendingRequests: 1_024,
      pendingTimeoutMs: 1_000,
      maxConcurrentRequests: 1_024,
    });
    expect(endpoint({ host: 'a', port: 80 })).toEqual({ id: 'a:80', host: 'a', port: 80, weight: 1 });
  });
});

describe('versionOf', () => {
  const config = trafficConfig({ routes: [route({ id: 'a' })] });

  it('depends on the content, not on the order of keys', () => {
    const { id, match, filters, action } = route({ id: 'a' });
    const again = trafficConfig({ routes: [{ action, filters, match, id }] });
    expect(again.version).toBe(config.version);
    expect(config.version).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOf(config)).toBe(config.version);
  });

  it('changes with anything that is in it', () => {
    const versions = [
      config,
      trafficConfig(),
      trafficConfig({ routes: [route({ id: 'a', match: { methods: ['GET'] } })] }),
      trafficConfig({ routes: [route({ id: 'a' }), route({ id: 'b' })] }),
      trafficConfig({ routes: [route({ id: 'b' }), route({ id: 'a' })] }),
      trafficConfig({ clusters: [cluster({ id: 'a' })] }),
      trafficConfig({ problems: [{ severity: 'warning', code: 'c', message: 'm' }] }),
    ].map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });
});
