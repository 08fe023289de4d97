import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PropertySource } from '#config';
import { flag, port, text } from './definition.ts';
import { readSettings, readSettingsWithRemote, type RemoteRequest } from './read-settings.ts';
import type { EnvironmentQuery } from './remote-settings.ts';

const SCHEMA = {
  port: port('server.port', 8080, 'port'),
  address: text('server.address', '127.0.0.1', 'address'),
  insecure: flag('cardea.insecure', false, 'insecure'),
};
const SERVER = '--spring.config.import=configserver:http://config/';

let folder: string;
let queries: EnvironmentQuery[];
/** What the config server holds; undefined while it is down. */
let served: Readonly<Record<string, string | number>> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-settings-'));
  queries = [];
  served = { 'server.port': 9 };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sourceOf(entries: Readonly<Record<string, string | number>>): PropertySource {
  return {
    name: 'git',
    properties: new Map(
      Object.entries(entries).map(([key, value]) => [key, { value, origin: { file: 'git', line: 1 } }]),
    ),
  };
}

function read(args: readonly string[], more: Partial<RemoteRequest> = {}) {
  return readSettingsWithRemote(SCHEMA, {
    args: [`--cardea.data-dir=${join(folder, 'data')}`, ...args],
    environment: {},
    application: 'gateway',
    patienceMs: 300,
    fetchEnvironment: async (query) => {
      queries.push(query);
      if (served === undefined) throw new Error('it does not answer');
      return { version: 'v1', sources: [sourceOf(served)] };
    },
    ...more,
  });
}

describe('the config server as a source of settings', () => {
  it('is asked only where it is configured, under the name and profiles of the process', async () => {
    expect(await read([])).toMatchObject({ values: { port: 8080 }, remote: undefined });
    expect(queries).toEqual([]);
    const args = [SERVER, '--spring.profiles.active=a,b', '--spring.cloud.config.label=main'];
    expect(await read(args)).toMatchObject({ values: { port: 9 }, remote: { state: 'live', version: 'v1' } });
    expect(queries).toEqual([{ url: 'http://config', application: 'gateway', profiles: ['a', 'b'], label: 'main' }]);
    await read(['--spring.config.import=configserver:', '--spring.cloud.config.uri=http://other']);
    expect(queries.at(-1)?.url).toBe('http://other');
  });

  it('is weaker than everything written for the process', async () => {
    const file = join(folder, 'own.yml');
    writeFileSync(file, 'server.address: ::1\n');
    served = { 'server.port': 9, 'server.address': '10.0.0.1', 'cardea.insecure': 'true' };
    const { values } = await read([SERVER, '--config', file, '--server.port=1']);
    expect(values).toEqual({ port: 1, address: '::1', insecure: true });
  });

  it('may name it in a file, whose documents are chosen by profile', async () => {
    const file = join(folder, 'own.yml');
    writeFileSync(
      file,
      `spring.profiles.active: prod\n---\nspring.config.activate.on-profile: prod\nspring.config.import: configserver:http://c\n`,
    );
    expect((await read(['--config', file])).remote).toMatchObject({ url: 'http://c', state: 'live' });
  });

  it('cannot move itself, and its keys for others are no faults', async () => {
    served = { 'cardea.data-dir': '/elsewhere', 'server.forward-headers-strategy': 'native', 'cardea.typo': 1 };
    const { problems, ignored } = await read([SERVER]);
    expect(problems).toEqual([]);
    expect(ignored.map(({ key }) => key)).toEqual(['server.forward-headers-strategy', 'cardea.typo']);
    served = { 'server.port': 'x' };
    expect((await read([SERVER])).problems).toMatchObject([{ message: expect.stringContaining('"x" is not a port') }]);
  });

  it('is remembered on disk, without what is not ours', async () => {
    served = { 'server.port': 9, 'other.password': 'secret' };
    await read([SERVER]);
    const file = join(folder, 'data/settings/gateway.json');
    expect(readFileSync(file, 'utf8')).not.toContain('secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    served = undefined;
    expect(await read([SERVER])).toMatchObject({
      values: { port: 9 },
      remote: { state: 'last-good', version: 'v1', problem: 'it does not answer' },
    });
    writeFileSync(file, '{"version":"v1","sour');
    await expect(read([SERVER])).rejects.toThrow('the config server http://config gives no settings');
  });

  it('is waited for when it is needed, and done without when it is optional', async () => {
    served = undefined;
    await expect(read([SERVER])).rejects.toMatchObject({ remedy: expect.stringContaining('optional:configserver:') });
    expect(queries.length).toBeGreaterThan(1);
    queries = [];
    expect(await read(['--spring.config.import=optional:configserver:http://c'])).toMatchObject({
      values: { port: 8080 },
      remote: { state: 'none', problem: 'it does not answer' },
    });
    expect(await read([], { embedded: 'http://own' })).toMatchObject({ remote: { url: 'http://own', state: 'none' } });
    expect(queries).toHaveLength(2);
  });

  it('is used although it cannot be remembered', async () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    expect(await read([SERVER])).toMatchObject({
      values: { port: 9 },
      remote: { state: 'live', problem: expect.stringContaining('cannot be kept on disk') },
    });
  });
});

it('refuses a settings file that cannot be read', () => {
  const file = join(folder, 'own.yml');
  writeFileSync(file, 'a: 1');
  chmodSync(file, 0);
  expect(existsSync(file)).toBe(true);
  const reading = () => readSettings(SCHEMA, { args: ['--config', file], environment: {} });
  if (process.getuid?.() === 0) expect(reading).not.toThrow();
  else expect(reading).toThrow('cannot be read');
  expect(() => readSettings(SCHEMA, { args: ['--config', folder], environment: {} })).toThrow('cannot be read');
});
