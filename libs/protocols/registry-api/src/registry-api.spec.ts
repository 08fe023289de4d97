import { LeaseRegistry } from '#registry';
import { instanceInfo, ManualClock } from '#testing';
import { ApiFault, problemForStatus, type ProblemDocument } from './problem-document.ts';
import { RegistryApi } from './registry-api.ts';
import { parseBody } from './registration-request.ts';

let clock: ManualClock;
let registry: LeaseRegistry;
let api: RegistryApi;

beforeEach(() => {
  clock = new ManualClock();
  registry = new LeaseRegistry(clock);
  api = new RegistryApi(registry, clock);
});

function problemOf(run: () => unknown): ProblemDocument {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiFault) return error.document;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('register', () => {
  it('takes what people write at a shell', () => {
    const view = api.register('Orders', { host: ' 10.0.0.1 ', port: '8080', ttl: '10s', weight: '2', secure: 'true' });
    expect(view).toMatchObject({
      id: '10.0.0.1:orders:8080',
      service: 'orders',
      host: '10.0.0.1',
      port: 8080,
      secure: true,
      status: 'UP',
      weight: 2,
      ttlMs: 10_000,
      expiresAt: clock.now() + 10_000,
      held: null,
      protocol: 'json',
    });
  });

  it.each([
    [10, 10_000],
    ['10', 10_000],
    ['10s', 10_000],
    ['2m', 120_000],
    ['PT5S', 5_000],
    ['1500ms', 1_500],
    [undefined, 30_000],
  ])('reads a ttl of %j as %d ms', (ttl, expected) => {
    expect(api.register('orders', { host: 'h', port: 1, ttl }).ttlMs).toBe(expected);
  });

  it('keeps zone, weight and metadata where Eureka clients find them', () => {
    const body = { host: 'h', port: 1, zone: 'a', weight: 3, metadata: { team: 'x', level: 2, on: true, none: null } };
    const view = api.register('orders', body);
    expect(view.zone).toBe('a');
    expect(registry.find('ORDERS', view.id)?.info).toMatchObject({
      metadata: { team: 'x', level: '2', on: 'true', weight: '3', zone: 'a' },
      vipAddress: 'orders',
    });
  });

  it('replaces the registration with the same id, health included', () => {
    api.register('orders', { host: 'h', port: 1 });
    expect(api.register('orders', { host: 'h', port: 1, health: 'out_of_service' }).status).toBe('OUT_OF_SERVICE');
    expect(registry.size).toBe(1);
  });

  it.each([
    [{ port: 1 }, 'host', 'add it'],
    [{ host: '', port: 1 }, 'host', 'add it'],
    [{ host: 'http://h', port: 1 }, 'host', 'without scheme'],
    [{ host: 'h' }, 'port', 'add it'],
    [{ host: 'h', port: 0 }, 'port', 'correct'],
    [{ host: 'h', port: 'http' }, 'port', 'correct'],
    [{ host: 'h', port: 65_536 }, 'port', 'correct'],
    [{ host: 'h', port: 1, ttl: 'soon' }, 'ttl', '"30s"'],
    [{ host: 'h', port: 1, ttl: '10ms' }, 'ttl', '"30s"'],
    [{ host: 'h', port: 1, health: 'GREAT' }, 'health', 'UP, DOWN'],
    [{ host: 'h', port: 1, weight: -1 }, 'weight', 'correct'],
    [{ host: 'h', port: 1, secure: 'maybe' }, 'secure', 'true'],
    [{ host: 'h', port: 1, metadata: 'x' }, 'metadata', '{"key"'],
    [{ host: 'h', port: 1, metadata: { a: { b: 1 } } }, 'metadata.a', 'flatten'],
    [{ host: 'h', port: 1, id: 'a\u0007b' }, 'id', 'printable'],
    [{ host: { a: 1 }, port: 1 }, 'host', 'write it'],
    [{ host: 'h', port: 1, tll: 3 }, 'tll', 'did you mean "ttl"'],
    [{ host: 'h', port: 1, colour: 'red' }, 'colour', 'leave it out'],
  ])('refuses %j by naming %s and the remedy', (body, field, remedy) => {
    const problem = problemOf(() => api.register('orders', body));
    expect(problem).toMatchObject({ status: 400, type: 'urn:cardea:problem:invalid-request' });
    expect(problem.errors).toEqual([expect.objectContaining({ field, remedy: expect.stringContaining(remedy) })]);
    expect(registry.size).toBe(0);
  });

  it('names every fault at once, and a service that cannot be one', () => {
    const problem = problemOf(() => api.register('a/b', { port: 'x', ttl: '?' }));
    expect(problem.errors?.map(({ field }) => field)).toEqual(['host', 'port', 'ttl', 'service']);
  });
});

describe('bodies', () => {
  it('are read as JSON whatever they are called, and as forms', () => {
    const form = 'application/x-www-form-urlencoded';
    expect(parseBody(Buffer.from('{"host":"h"}'), form)).toEqual({ host: 'h' });
    expect(parseBody(Buffer.from('host=h&port=80'), form)).toEqual({ host: 'h', port: '80' });
    expect(parseBody(Buffer.from(''), undefined)).toEqual({});
  });

  it.each(['nonsense', '[1]', '"text"', 'null'])('that are %s are refused', (text) => {
    expect(problemOf(() => parseBody(Buffer.from(text), 'application/json')).status).toBe(400);
  });
});

describe('an instance', () => {
  it('renews, and is told to register again when it is not known', () => {
    const { id } = api.register('orders', { host: 'h', port: 1, ttl: 10 });
    clock.advance(9_000);
    expect(api.renew('orders', id).expiresAt).toBe(clock.now() + 10_000);
    clock.advance(10_050);
    const problem = problemOf(() => api.renew('orders', id));
    expect(problem.status).toBe(404);
    expect(problem.remedy).toContain('POST /api/v1/services/orders/instances');
  });

  it('can be taken out of traffic and back', () => {
    const { id } = api.register('orders', { host: 'h', port: 1 });
    expect(api.overrideStatus('orders', id, { status: 'out_of_service' }).status).toBe('OUT_OF_SERVICE');
    expect(api.renew('orders', id).status).toBe('OUT_OF_SERVICE');
    expect(api.clearStatus('orders', id).status).toBe('UP');
    expect(problemOf(() => api.overrideStatus('orders', id, {})).errors?.[0]?.field).toBe('status');
    expect(problemOf(() => api.overrideStatus('orders', id, { status: 'gone' })).status).toBe(400);
    expect(problemOf(() => api.overrideStatus('orders', 'x', { status: 'UP' })).status).toBe(404);
  });

  it('leaves once', () => {
    const { id } = api.register('orders', { host: 'h', port: 1 });
    api.remove('ORDERS', id);
    expect(problemOf(() => api.remove('orders', id)).status).toBe(404);
    expect(problemOf(() => api.instance('orders', id)).status).toBe(404);
  });

  it('of Eureka shows the port that it serves', () => {
    const info = instanceInfo({ port: { number: 80, enabled: false }, securePort: { number: 8443, enabled: true } });
    registry.register(info);
    expect(api.instance('orders', 'orders-1')).toMatchObject({ port: 8443, secure: true, protocol: 'eureka' });
  });
});

describe('lists', () => {
  beforeEach(() => {
    for (let i = 0; i < 5; i++) api.register('orders', { host: 'h', port: 1 + i });
    api.register('inventory', { host: 'h', port: 1, health: 'DOWN' });
  });

  it('count services by name', () => {
    expect(api.services().services).toEqual([
      { name: 'inventory', instances: 1, up: 0 },
      { name: 'orders', instances: 5, up: 5 },
    ]);
  });

  it('answer a service, and an empty one for a name that nobody has', () => {
    expect(api.service('Orders').instances).toHaveLength(5);
    expect(api.service('nobody')).toMatchObject({ name: 'nobody', instances: [] });
  });

  it('page and filter instances', () => {
    const page = api.instances({ service: 'orders', status: 'up', limit: '2', offset: '4' });
    expect(page).toMatchObject({ total: 5, limit: 2, offset: 4 });
    expect(page.instances).toHaveLength(1);
    expect(api.instances({ status: 'DOWN' }).instances.map(({ service }) => service)).toEqual(['inventory']);
    expect(api.instances({}).total).toBe(6);
    expect(api.instances({ service: 'nobody' }).total).toBe(0);
  });

  it.each([{ limit: 'x' }, { offset: '-1' }, { status: 'SLEEPY' }])('refuse %j', (query) => {
    expect(problemOf(() => api.instances(query)).errors?.[0]?.field).toBe(Object.keys(query)[0]);
  });
});

it.each([404, 413, 500])('has words for a status of %d', (status) => {
  expect(problemForStatus(status, 'GET', '/x')).toMatchObject({ status, type: 'about:blank' });
});
