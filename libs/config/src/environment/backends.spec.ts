import type { ConfigFile, ConfigSource } from '../config-source.ts';
import { CompositeBackend } from './composite-backend.ts';
import { EnvironmentService } from './environment-service.ts';
import { explainFrom } from './explain-key.ts';
import { matchesPatterns, PatternBackend } from './pattern-backend.ts';
import { TreeBackend, type TreeBackendOptions } from './tree-backend.ts';
import { CardeaError } from '#kernel';

type Files = Readonly<Record<string, string>>;

/** A source with these labels; without a version it is a plain folder. */
function sourceOf(labels: Readonly<Record<string, Files>>, version?: string): ConfigSource {
  return {
    resolve(label) {
      const files = labels[version === undefined ? 'main' : (label ?? 'main')];
      if (files === undefined) {
        return Promise.reject(new CardeaError('unknown-label', `no ${label}`, { source: 'downstream' }));
      }
      const entries = Object.entries(files).map(([path, text]): [string, ConfigFile] => [
        path,
        { path, id: text, read: () => Promise.resolve(Buffer.from(text)) },
      ]);
      const own = version === undefined ? undefined : `${version}-${label ?? 'main'}`;
      return Promise.resolve({ version: own, uri: 'file:/repo', workdir: '/repo', files: new Map(entries) });
    },
    watch: () => () => undefined,
    refresh: () => Promise.resolve(),
    status: () => ({ uri: 'file:/repo', version, ageMs: 0, error: undefined }),
    close: () => Promise.resolve(),
  };
}

const request = (application: string, profiles = 'default', label?: string) => ({ application, profiles, label });
const gitOf = (files: Files, options: TreeBackendOptions = {}): TreeBackend =>
  new TreeBackend(sourceOf({ main: files }, 'c'), options);

describe('TreeBackend', () => {
  it('puts the last label of a list first, and skips unknown ones when told to', async () => {
    const source = sourceOf({ main: { 'a.yml': 'k: main\n' }, next: { 'a.yml': 'k: next\n' } }, 'c');
    const { environment } = await new TreeBackend(source).environment(request('a', 'p', 'main, next'));
    expect(environment.version).toBe('c-main,c-next');
    expect(environment.label).toBe('main, next');
    const values = environment.propertySources.map(({ properties }) => properties.get('k')?.value);
    expect(values).toEqual(['next', 'main']);
    await expect(new TreeBackend(source).environment(request('a', 'p', 'main,ghost'))).rejects.toMatchObject({
      code: 'unknown-label',
    });
    const lenient = new TreeBackend(source, { skipUnknownLabels: true });
    expect((await lenient.environment(request('a', 'p', 'main,ghost'))).environment.version).toBe('c-main');
    expect((await lenient.environment(request('a', 'p', 'x,ghost'))).environment).toMatchObject({
      version: '',
      propertySources: [],
    });
  });

  it('looks into folders by pattern, root first for texts and last for properties', async () => {
    const files = {
      'a.yml': 'k: root\n',
      'x/1/a.yml': 'k: 1\n',
      'x/2/a.yml': 'k: 2\n',
      'x/2/deep/a.yml': 'k: 3\n',
      'x/2/t.txt': 't',
    };
    const names = async (...searchPaths: string[]): Promise<readonly string[]> => {
      const { environment } = await gitOf(files, { searchPaths }).environment(request('a'));
      return environment.propertySources.map(({ name }) => name.replace('file:/repo/', ''));
    };
    expect(await names('x/*')).toEqual(['x/2/a.yml', 'x/1/a.yml', 'a.yml']);
    expect(await names('x/**')).toEqual(['x/2/deep/a.yml', 'x/2/a.yml', 'x/1/a.yml', 'a.yml']);
    expect(await names('../x/*', 'x/2/')).toEqual(['x/2/a.yml', 'a.yml']);
    const backend = gitOf(files, { searchPaths: ['x/*'] });
    expect((await backend.resource(request('a'), 't.txt'))?.file.path).toBe('x/2/t.txt');
    expect((await backend.resource(request('a'), 'a.yml'))?.file.path).toBe('a.yml');
    expect(await backend.resource(request('a'), 'nothing.txt')).toBeUndefined();
  });

  it('passes cipher texts on when told to', async () => {
    const { environment, problems } = await gitOf({ 'a.yml': "p: '{cipher}00'\n" }, { decrypt: false }).environment(
      request('a'),
    );
    expect(environment.propertySources[0]?.properties.get('p')?.value).toBe('{cipher}00');
    expect(problems).toEqual([]);
  });
});

describe('PatternBackend', () => {
  it.each([
    ['special', 'special', 'x', true],
    ['special', 'specials', 'x', false],
    ['*/dev', 'a', 'dev,qa', true],
    ['*/dev', 'a', 'qa,dev', false],
    ['local*', 'local1', 'x', true],
    ['a/b', 'a', 'b,c', true],
  ])('%s for %s/%s: %j', (pattern, application, profiles, matches) => {
    expect(matchesPatterns([pattern], request(application, profiles))).toBe(matches);
  });

  it('leaves what a repository cannot answer to the default', async () => {
    const own = gitOf({ 'a.yml': 'k: own\n' });
    const rest = new TreeBackend(sourceOf({ main: {}, old: { 'a.yml': 'k: rest\n' } }, 'r'));
    const backend = new PatternBackend([{ patterns: ['a'], backend: own }], rest);
    const valueOf = async (label?: string): Promise<unknown> => {
      const { environment } = await backend.environment(request('a', 'p', label));
      return environment.propertySources[0]?.properties.get('k')?.value;
    };
    expect([await valueOf(), await valueOf('old')]).toEqual(['own', 'rest']);
    expect((await backend.resource(request('a', 'p', 'old'), 'a.yml'))?.file.id).toBe('k: rest\n');
    expect(backend.states()).toHaveLength(2);
    await backend.refresh();
    await backend.close();
  });
});

describe('CompositeBackend', () => {
  it('puts the sources of the first above those of the second', async () => {
    const folder = new TreeBackend(sourceOf({ main: { 'a.yml': 'k: 1\n', 't.txt': 'x' } }));
    const backend = new CompositeBackend([folder, gitOf({ 'a.yml': 'k: 2\n' })]);
    const { environment } = await backend.environment(request('a'));
    expect(environment).toMatchObject({ version: null, state: null });
    expect(environment.propertySources.map(({ properties }) => properties.get('k')?.value)).toEqual([1, 2]);
    expect((await backend.resource(request('a'), 't.txt'))?.file.id).toBe('x');
    expect(await backend.resource(request('a'), 'none')).toBeUndefined();
  });
});

describe('EnvironmentService', () => {
  it('puts overrides above all, their escapes gone', async () => {
    const service = new EnvironmentService(gitOf({ 'a.yml': 'k: 1\n' }), { overrides: { k: '\\${x} \\{y}' } });
    const { environment } = await service.environment(request('a'));
    expect(environment.propertySources[0]).toMatchObject({ name: 'overrides' });
    expect(environment.propertySources[0]?.properties.get('k')?.value).toBe('${x} {y}');
  });

  it('refuses applications for which nothing is found, when told to', async () => {
    const service = new EnvironmentService(gitOf({ 'a.yml': 'k: 1\n' }), { acceptEmpty: false });
    await expect(service.environment(request('b'))).rejects.toMatchObject({ code: 'unknown-application' });
    expect((await service.environment(request('a'))).environment.propertySources).toHaveLength(1);
  });
});

describe('history', () => {
  const commit = { id: 'c1', author: 'a', at: 5, message: 'm' };
  const asked: unknown[] = [];
  const source: ConfigSource = {
    ...sourceOf({ main: { 'a.yml': 'k: 1\n', 'b.yml': 'k: 1\n' } }, 'c'),
    history: (version, paths, limit) => {
      asked.push([version, paths.includes('a.yml'), paths.includes('b.yml'), limit]);
      return Promise.resolve([commit]);
    },
    lineChange: (version, path, line) => Promise.resolve({ ...commit, id: `${version} ${path} ${line}` }),
  };

  it('is that of what an application reads, and of the file behind a location', async () => {
    const backend = new CompositeBackend([
      new EnvironmentService(new TreeBackend(sourceOf({ main: {} }))),
      new PatternBackend([], new TreeBackend(source)),
    ]);
    expect(await backend.history(request('a'), 3)).toEqual([commit]);
    expect(asked).toEqual([['c-main', true, false, 3]]);
    const { winner } = await explainFrom(backend, request('a'), 'k');
    expect(winner?.change?.id).toBe('c-main a.yml 1');
    expect(await backend.lineChange(request('a'), { file: 'elsewhere.yml', line: 1 })).toBeUndefined();
    expect(backend.states()).toHaveLength(2);
    backend.onChange(() => undefined)();
    await backend.refresh();
    await backend.close();
  });

  it('of a line is left out where it cannot be told', async () => {
    const broken = {
      ...source,
      lineChange: () => Promise.reject(new CardeaError('git-failed', 'x', { source: 'internal' })),
    };
    const { winner } = await explainFrom(new TreeBackend(broken), request('a'), 'k');
    expect([winner?.value, winner?.change]).toEqual(['1', undefined]);
  });
});
