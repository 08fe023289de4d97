import { bindSettings, CONFIG_SERVER_SETTINGS } from '#settings';
import { toConfigServerSettings, type BackendSettings } from './config-server-settings.ts';

const PREFIX = 'spring.cloud.config.server';

function settingsOf(values: Readonly<Record<string, string>>) {
  const properties = new Map(Object.entries(values).map(([key, value]) => [`${PREFIX}.${key}`, { value }]));
  const bound = bindSettings(CONFIG_SERVER_SETTINGS, [{ name: 'test', properties }]);
  expect(bound.problems).toEqual([]);
  return toConfigServerSettings(bound.values, 'data');
}

const backendsOf = (values: Readonly<Record<string, string>>): readonly BackendSettings[] =>
  settingsOf(values).backends;

it('serves the folder of the embedded configuration by default', () => {
  expect(backendsOf({})).toMatchObject([{ kind: 'git', uri: 'config-repo', searchPaths: [], repos: [] }]);
});

it('has repositories by pattern, which inherit credentials only', () => {
  expect(
    backendsOf({
      'git.uri': 'https://h/main.git',
      'git.username': 'a b',
      'git.password': 'p@ss',
      'git.search-paths': 'x,y',
      'git.repos.simple': 'https://h/simple.git',
      'git.repos.full.uri': 'git@h:full.git',
      'git.repos.full.pattern': 'a*,b/dev',
      'git.repos.full.searchPaths[0]': 'z',
      'git.repos.full.default-label': 'next',
    }),
  ).toMatchObject([
    {
      uri: 'https://a%20b:p%40ss@h/main.git',
      searchPaths: ['x', 'y'],
      repos: [
        { patterns: ['simple'], backend: { uri: 'https://a%20b:p%40ss@h/simple.git', searchPaths: [] } },
        { patterns: ['a*', 'b/dev'], backend: { uri: 'git@h:full.git', searchPaths: ['z'], defaultLabel: 'next' } },
      ],
    },
  ]);
});

it('has several sources in their order, or plain folders', () => {
  expect(
    backendsOf({
      'composite[0].type': 'native',
      'composite[0].search-locations': 'file:/a,/b',
      'composite[1].type': 'git',
      'composite[1].uri': '/c',
    }),
  ).toMatchObject([
    { kind: 'native', searchLocations: ['file:/a', '/b'] },
    { kind: 'git', uri: '/c' },
  ]);
  expect(backendsOf({ 'native.search-locations': '/a' })).toEqual([{ kind: 'native', searchLocations: ['/a'] }]);
});

it('refuses sources that are not there yet, and repositories without a place', () => {
  expect(() => backendsOf({ 'composite[0].type': 'vault' })).toThrow('type "vault" is not known here');
  expect(() => backendsOf({ 'git.repos.a.pattern': 'x' })).toThrow('has no uri');
});

it('has overrides by their full keys, and no key where it is empty', () => {
  expect(settingsOf({ 'overrides.a.b': '1', 'overrides.c[0]': '2' }).overrides).toEqual({ 'a.b': '1', 'c[0]': '2' });
  expect(settingsOf({}).encryptKey).toBeUndefined();
});
