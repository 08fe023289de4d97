import { DEFAULT_REGISTRY_SETTINGS } from '../../../registry/src/registry-settings.ts';
import { startRegistry, type RunningRegistry } from '../../../registry/src/registry.app.ts';
import { instanceInfo } from '#testing';
import { runCommandLine } from '../command-line.ts';
import type { CommandEntry } from '../command-table.ts';
import { RecordingTerminal } from '../terminal.fixture.ts';

const COMMANDS: readonly CommandEntry[] = [
  { name: 'services', summary: 's', load: () => import('./services.ts') },
  { name: 'instances', summary: 'i', load: () => import('./instances.ts') },
];

let app: RunningRegistry;
let url: string;

beforeEach(async () => {
  app = await startRegistry({ ...DEFAULT_REGISTRY_SETTINGS, server: { port: 0, address: '127.0.0.1' } });
  url = app.listeners[0]?.url ?? '';
});
afterEach(() => app.close());

async function cardea(...args: string[]): Promise<{ status: number; out: string; notes: string }> {
  const terminal = new RecordingTerminal();
  const status = await runCommandLine([...args, '--registry', url], terminal, COMMANDS);
  return { status, out: terminal.out.join('\n'), notes: terminal.notes.join('\n') };
}

it('lists services', async () => {
  expect(await cardea('services')).toEqual({ status: 0, out: '', notes: 'no service is registered' });
  app.registry.register(instanceInfo({ id: 'a' }));
  app.registry.register(instanceInfo({ id: 'b', status: 'DOWN' }));
  expect((await cardea('services')).out).toBe('SERVICE  UP  INSTANCES\norders   1   2');
  expect(JSON.parse((await cardea('services', '--json')).out)).toEqual({
    services: [{ name: 'orders', up: 1, instances: 2 }],
  });
});

it('lists instances with the time they have left', async () => {
  expect((await cardea('instances')).notes).toBe('no instance is registered');
  app.registry.register(instanceInfo({ id: 'a', metadata: { zone: 'z1' } }));
  app.registry.register(instanceInfo({ id: 'b', app: 'OTHER', status: 'DOWN' }));
  const { out } = await cardea('instances', 'list');
  expect(out.split('\n')[1]).toMatch(/^orders +a +10\.0\.0\.1:8080 +UP +1 +z1 +90s +(?:90\.0|8\d\.\d)s +-$/);
  expect((await cardea('instances', 'list', 'other', '--status', 'down')).out.split('\n')).toHaveLength(2);
  expect((await cardea('instances', 'list', 'nobody')).notes).toBe('no instance of nobody is registered');
  expect(JSON.parse((await cardea('instances', '--json')).out)).toMatchObject({ total: 2 });
  const refused = await cardea('instances', 'list', '--status', 'sleepy');
  expect(refused).toMatchObject({ status: 1, notes: expect.stringContaining('use one of UP') });
});

it('drains, undrains and evicts', async () => {
  const lease = app.registry.register(instanceInfo({ id: 'a' }));
  expect((await cardea('instances', 'drain', 'a')).out).toBe('a of orders gets no new requests');
  expect(lease.info.status).toBe('OUT_OF_SERVICE');
  expect(JSON.parse((await cardea('instances', 'undrain', 'a', '--json')).out)).toMatchObject({
    action: 'undrain',
    instance: { status: 'UP' },
  });
  expect((await cardea('instances', 'evict', 'a')).out).toBe('a of orders is removed');
  expect(app.registry.size).toBe(0);
});

it('says what it cannot find, and which of several is meant', async () => {
  expect(await cardea('instances', 'drain', 'x')).toEqual({
    status: 1,
    out: '',
    notes: 'no instance "x" is registered; `cardea instances list` shows the ids',
  });
  app.registry.register(instanceInfo({ id: 'x', app: 'A' }));
  app.registry.register(instanceInfo({ id: 'x', app: 'B' }));
  expect((await cardea('instances', 'drain', 'x')).notes).toBe('"x" is an instance of a, b; say which with --service');
  expect((await cardea('instances', 'drain', 'x', '--service', 'b')).status).toBe(0);
});

it('says when nobody answers, or somebody else', async () => {
  await app.close();
  expect((await cardea('services')).notes).toMatch(/^no registry answers at http.*; start it/);
  url = 'nonsense';
  expect((await cardea('services')).notes).toBe(
    '"nonsense" is no URL of a registry; write it like http://127.0.0.1:8761',
  );
});
