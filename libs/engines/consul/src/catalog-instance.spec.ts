import { type CatalogEntry, instanceOf } from './catalog-instance.ts';

const node = { Node: 'n1', Address: '10.0.0.1' };
const service = { ID: 'orders-1', Address: '', Port: 8081, Tags: [], Meta: {}, Weights: { Passing: 5, Warning: 2 } };

function entry(change: Partial<CatalogEntry['Service'] & object> = {}, ...statuses: string[]): CatalogEntry {
  const Checks = statuses.map((text) => {
    const [Status = '', CheckID = 'service:orders-1'] = text.split(' ');
    return { CheckID, Status };
  });
  return { Node: node, Service: { ...service, ...change }, Checks };
}

it('takes the address of the service before that of its node', () => {
  expect(instanceOf('orders', entry())).toMatchObject({
    id: 'orders-1@n1',
    service: 'orders',
    host: '10.0.0.1',
    port: 8081,
    secure: false,
    protocol: 'consul',
  });
  expect(instanceOf('orders', entry({ Address: 'svc.internal' }))?.host).toBe('svc.internal');
});

it.each([
  ['UP', 5, []],
  ['UP', 5, ['passing', 'passing']],
  ['UP', 2, ['passing', 'warning']],
  ['DOWN', 2, ['critical', 'warning']],
  ['DOWN', 5, ['unheard-of']],
  ['OUT_OF_SERVICE', 5, ['passing', 'critical _node_maintenance']],
  ['OUT_OF_SERVICE', 5, ['critical', 'critical _service_maintenance:orders-1']],
  ['DOWN', 5, ['critical _service_maintenance_window']],
])('is %s with weight %d when its checks are %j', (status, weight, checks) => {
  expect(instanceOf('orders', entry({}, ...checks))).toMatchObject({ status, weight });
});

it('makes metadata of tags and meta, meta stronger, and finds zone and scheme in it', () => {
  const Tags = ['v=1', 'canary', 'q=a=b', 'secure=true'];
  expect(instanceOf('orders', entry({ Tags, Meta: { v: '2', zone: 'z1' } }))).toMatchObject({
    metadata: { v: '2', canary: 'canary', q: 'a=b', secure: 'true', zone: 'z1' },
    zone: 'z1',
    secure: true,
  });
  expect(instanceOf('orders', { ...entry(), Node: { ...node, Locality: { Zone: 'z2' } } })?.zone).toBe('z2');
  const bare = { Tags: null, Meta: null, Weights: null };
  expect(instanceOf('orders', entry(bare))).toMatchObject({ metadata: {}, weight: 1 });
});

it('leaves out what nothing can be sent to', () => {
  expect(instanceOf('orders', entry({ Port: 0 }))).toBeUndefined();
  expect(instanceOf('orders', { Service: service })).toBeUndefined();
  expect(instanceOf('orders', {})).toBeUndefined();
});
