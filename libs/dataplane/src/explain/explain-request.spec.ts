import { cluster, endpoint, FORWARDING_DEFAULTS, route, trafficConfig } from '#traffic';
import { type AskedRequest } from './asked-request.ts';
import { explainRequest, type RequestExplanation } from './explain-request.ts';
import { mergeClusterViews, type EndpointView } from './plane-view.ts';

const location = (line: number) => ({ file: 'gateway.yml', line });
const config = trafficConfig({
  routes: [
    route({
      id: 'inside',
      match: { paths: [{ kind: 'prefix', value: '/' }], remoteAddresses: { cidrs: ['10.0.0.0/8'], source: 'client' } },
      action: { kind: 'respond', status: 204 },
      location: location(3),
    }),
    route({
      id: 'orders',
      match: { paths: [{ kind: 'prefix', value: '/orders' }] },
      action: { kind: 'forward', cluster: 'orders' },
      filters: [{ kind: 'set-header', on: 'request', name: 'X-Own', value: 'yes' }],
      location: location(8),
    }),
    route({ id: 'rest', location: location(12) }),
  ],
  clusters: [cluster({ id: 'orders', endpoints: { kind: 'static', endpoints: [endpoint({ host: 'h', port: 1 })] } })],
  forwarding: { ...FORWARDING_DEFAULTS, trustedProxies: ['192.168.0.1'] },
});
const asked = (more: Partial<AskedRequest> = {}): AskedRequest => ({
  method: 'get',
  url: '/orders/1?x=y',
  headers: [
    ['Host', 'shop.test'],
    ['X-Forwarded-For', '10.1.1.1'],
    ['Connection', 'close'],
  ],
  peerAddress: '203.0.113.9',
  ...more,
});

describe('explainRequest', () => {
  it('tells which route matches, why those before it do not, and what is sent', () => {
    const { tried, route: taken, sent } = explainRequest(config, asked());
    expect(tried.map(({ id, matched, location: at }) => [id, matched, at?.line])).toEqual([
      ['inside', false, 3],
      ['orders', true, 8],
    ]);
    expect(tried[0]?.checks.find(({ ok }) => !ok)).toMatchObject({ actual: '203.0.113.9' });
    expect(taken).toMatchObject({ id: 'orders', filters: ['set-header on=request name=X-Own value=yes'] });
    expect(sent).toEqual({
      method: 'GET',
      uri: 'http://h:1/orders/1?x=y',
      headers: [
        ['Host', 'h:1'],
        ['X-Own', 'yes'],
        ['X-Forwarded-For', '203.0.113.9'],
        ['X-Forwarded-Host', 'shop.test'],
        ['X-Forwarded-Port', '80'],
        ['X-Forwarded-Proto', 'http'],
      ],
    });
  });

  it('believes the proxies that the gateway believes', () => {
    const { route: taken, answer } = explainRequest(config, asked({ peerAddress: '192.168.0.1' }));
    expect([taken?.id, answer?.status]).toEqual(['inside', 204]);
  });

  it('shows the instances that a running data plane has', () => {
    const seen: EndpointView = { id: 'h:1', host: 'h', port: 1, weight: 1, active: 2, ejectedBy: 1 };
    const view = { id: 'orders', balancing: 'random', planes: 1, endpoints: [seen] };
    expect(explainRequest(config, asked(), [view]).cluster).toEqual(view);
    expect(explainRequest(config, asked({ url: '/rest' }), [view]).cluster).toBeUndefined();
  });

  it('follows a request that is matched again inside the gateway, until it goes in circles', () => {
    const inner = (id: string, from: string, to: string) =>
      route({ id, match: { paths: [{ kind: 'exact', value: from }] }, action: { kind: 'internal', path: to } });
    const circular = {
      ...config,
      routes: [inner('in', '/in', '/orders/7'), inner('loop', '/loop', '/loop'), ...config.routes],
    };
    const { route: taken, sent, forwarded } = explainRequest(circular, asked({ url: '/in?x=y' }));
    expect([taken?.id, sent, forwarded?.path, forwarded?.route?.id]).toEqual(['in', undefined, '/orders/7', 'orders']);
    expect(forwarded?.sent?.uri).toBe('http://h:1/orders/7?x=y');
    let last: RequestExplanation | undefined = explainRequest(circular, asked({ url: '/loop' }));
    let hops = 1;
    for (; last.forwarded; hops++) last = last.forwarded;
    expect([hops, last.answer?.status]).toEqual([4, 500]);
  });

  it('refuses what is no request', () => {
    expect(() => explainRequest(config, asked({ url: 'orders' }))).toThrow('"orders" is not a URL');
  });
});

it('adds up what several workers see', () => {
  const seen = (active: number, ejectedBy: number, id = 'a') => ({
    id,
    host: 'h',
    port: 1,
    weight: 1,
    active,
    ejectedBy,
  });
  const view = (...endpoints: EndpointView[]) => [{ id: 'orders', balancing: 'random', planes: 1, endpoints }];
  expect(mergeClusterViews([view(seen(1, 0)), view(seen(2, 1), seen(0, 0, 'b'))])).toEqual([
    { id: 'orders', balancing: 'random', planes: 2, endpoints: [seen(3, 1), seen(0, 0, 'b')] },
  ]);
});
