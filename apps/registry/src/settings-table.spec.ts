import { loadSettings, REGISTRY_SETTINGS } from '#settings';
import { DEFAULT_REGISTRY_SETTINGS } from './registry-settings.ts';
import { readRegistrySettings, toRegistrySettings } from './settings-table.ts';

it('has the same defaults as the registry itself', () => {
  const readFile = () => ({ sources: [], problems: [] });
  const { values } = loadSettings(REGISTRY_SETTINGS, { args: [], environment: {}, readFile });
  expect(toRegistrySettings(values, undefined)).toEqual(DEFAULT_REGISTRY_SETTINGS);
});

it('reads Spring’s keys from the command line and the environment', () => {
  const args = ['--server.port=0', '--eureka.server.response-cache-auto-expiration-in-seconds=60'];
  const environment = {
    EUREKA_SERVER_ENABLESELFPRESERVATION: 'false',
    EUREKA_SERVER_EVICTIONINTERVALTIMERINMS: '1000',
  };
  const settings = readRegistrySettings(args, environment);
  expect(settings).toMatchObject({ server: { port: 0, address: '127.0.0.1' }, dataDir: '.cardea' });
  expect(settings.eureka.server).toMatchObject({
    responseCacheAutoExpirationInSeconds: 60,
    enableSelfPreservation: false,
    evictionIntervalTimerInMs: 1_000,
  });
});

it('refuses what is mistyped, and files', () => {
  expect(() => readRegistrySettings(['--server.port=x'], {})).toThrow(/server\.port/);
  expect(() => readRegistrySettings(['--config', 'a.yml'], {})).toThrow('a.yml is not read here');
});
