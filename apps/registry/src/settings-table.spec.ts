import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, REGISTRY_SETTINGS } from '#settings';
import { DEFAULT_REGISTRY_SETTINGS } from './registry-settings.ts';
import { readRegistrySettings, toRegistrySettings } from './settings-table.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cardea-registry-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('has the same defaults as the registry itself', () => {
  const readFile = () => ({ sources: [], problems: [] });
  const { values } = loadSettings(REGISTRY_SETTINGS, { args: [], environment: {}, readFile });
  expect(toRegistrySettings(values, undefined)).toEqual(DEFAULT_REGISTRY_SETTINGS);
});

it('reads Spring’s keys from the command line, files and the environment', async () => {
  const file = join(folder, 'registry.properties');
  writeFileSync(file, 'server.port=9\neureka.server.disable-delta=true\n');
  const args = ['--config', file, '--server.port=0', '--eureka.server.response-cache-auto-expiration-in-seconds=60'];
  const environment = {
    EUREKA_SERVER_ENABLESELFPRESERVATION: 'false',
    EUREKA_SERVER_EVICTIONINTERVALTIMERINMS: '1000',
  };
  const { settings } = await readRegistrySettings(args, environment);
  expect(settings).toMatchObject({ server: { port: 0, address: '127.0.0.1' }, dataDir: '.cardea' });
  expect(settings.eureka.server).toMatchObject({
    responseCacheAutoExpirationInSeconds: 60,
    enableSelfPreservation: false,
    evictionIntervalTimerInMs: 1_000,
    disableDelta: true,
  });
});

it('refuses what is mistyped, and files that are not there', async () => {
  await expect(readRegistrySettings(['--server.port=x'], {})).rejects.toThrow(/server\.port/);
  await expect(readRegistrySettings(['--config', 'none.yml'], {})).rejects.toThrow('there is no none.yml');
});
