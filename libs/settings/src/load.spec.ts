import type { PropertySource } from '#config';
import { formatProblem } from '#kernel';
import { duration, flag, port, texts } from './definition.ts';
import { loadSettings, type SettingsInput } from './load.ts';

const SCHEMA = {
  port: port('server.port', 8080, 'port'),
  drain: duration('cardea.drain-timeout', 10_000, 'drain'),
  proxies: texts('cardea.gateway.trusted-proxies', [], 'proxies'),
  insecure: flag('cardea.insecure', false, 'insecure', { aliases: ['cardea.unsafe'] }),
};

function source(name: string, entries: Readonly<Record<string, string | number | boolean>>): PropertySource {
  const lines = Object.entries(entries).map(
    ([key, value], index) => [key, { value, origin: { file: name, line: index + 1 } }] as const,
  );
  return { name, properties: new Map(lines) };
}

const FILES: Readonly<Record<string, PropertySource>> = {
  'a.yml': source('a.yml', { 'server.port': 1, 'cardea.drainTimeout': '1s' }),
  'b.yml': source('b.yml', { 'server.port': 2 }),
  'bad.yml': source('bad.yml', { 'server.port': 'x', 'cardea.drain-timout': '1s', 'zuul.prefix': '/a' }),
  'spring.yml': source('spring.yml', {
    'management.endpoints.web.exposure.include': '*',
    'server.tomcat.max-threads': 9,
  }),
};

function load(input: Partial<SettingsInput>) {
  const readFile = (path: string) => ({ sources: [FILES[path] ?? source(path, {})], problems: [] });
  return loadSettings(SCHEMA, { args: [], environment: {}, readFile, ...input });
}

describe('settings', () => {
  it('take the strongest source: command line, environment, later file, earlier file, config server, default', () => {
    const remote = [source('git', { 'server.port': 3, 'cardea.insecure': true })];
    const args = ['--config', 'a.yml', '--config=b.yml'];
    const environment = { SERVER_PORT: '4' };
    expect(load({}).values.port).toBe(8080);
    expect(load({ remote }).values).toMatchObject({ port: 3, insecure: true });
    expect(load({ remote, args: ['--config', 'a.yml'] }).values).toMatchObject({ port: 1, drain: 1_000 });
    expect(load({ remote, args }).values.port).toBe(2);
    expect(load({ remote, args, environment }).values.port).toBe(4);
    expect(load({ remote, args: [...args, '--server.port=5'], environment }).values.port).toBe(5);
  });

  it('are read under relaxed names, aliases and as lists', () => {
    expect(load({ environment: { CARDEA_GATEWAY_TRUSTEDPROXIES: '10.0.0.0/8, ::1' } }).values.proxies).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
    expect(
      load({ environment: { CARDEA_GATEWAY_TRUSTEDPROXIES_0: 'a', CARDEA_GATEWAY_TRUSTEDPROXIES_1: 'b' } }).values
        .proxies,
    ).toEqual(['a', 'b']);
    expect(load({ args: ['--cardea.unsafe'] }).values.insecure).toBe(true);
  });

  it('report all faults at once, each with its place and a remedy', () => {
    const { problems, ignored } = load({ args: ['--config', 'bad.yml', '--cardea.insecure=maybe'] });
    expect(problems.map(formatProblem)).toEqual([
      'bad.yml:1: server.port: "x" is not a port; give a whole number from 0 to 65535',
      '--cardea.insecure: "maybe" is neither true nor false; write `true` or `false`',
      'bad.yml:2: unknown setting "cardea.drain-timout"; did you mean "cardea.drain-timeout"?',
    ]);
    expect(ignored.map(({ key }) => key)).toEqual(['zuul.prefix']);
  });

  it('want a value on the command line, unless they are true or false', () => {
    const { values, problems } = load({ args: ['--server.port', '--cardea.insecure'] });
    expect(values.insecure).toBe(true);
    expect(problems.map(formatProblem)).toEqual(['--server.port: has no value; write it as --server.port=…']);
  });

  it('leave what Spring Boot knows and Cardea does not have', () => {
    const { problems, ignored } = load({ args: ['--config', 'spring.yml'] });
    expect(problems).toEqual([]);
    expect(ignored).toHaveLength(2);
  });

  it('find typing errors in the environment, but not what Kubernetes writes there', () => {
    const environment = { CARDEA_DRAIN_TIMEOUTS: '1s', CARDEA_SERVICE_HOST: '10.0.0.1', CARDEA_PORT_8080_TCP: 'x' };
    expect(load({ environment }).problems.map(({ location }) => location?.file)).toEqual([
      'environment CARDEA_DRAIN_TIMEOUTS',
    ]);
  });

  it('are frozen, and words that are no settings are refused', () => {
    expect(Object.isFrozen(load({}).values)).toBe(true);
    expect(Object.isFrozen(load({}).values.proxies)).toBe(true);
    expect(() => load({ args: ['up'] })).toThrow('"up" is not understood here');
    expect(() => load({ args: ['--config'] })).toThrow('--config needs a file');
  });
});
