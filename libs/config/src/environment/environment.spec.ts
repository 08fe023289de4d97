import type { ConfigFile, ConfigSource, ConfigTree } from '../config-source.ts';
import { SymmetricCipher } from '../cipher.ts';
import { assembleEnvironment } from './environment.ts';
import { environmentJson } from './environment-json.ts';
import { TreeLoader } from './loaded-tree.ts';
import { ServedState } from './served-state.ts';

const cipher = new SymmetricCipher('foo');
const SECRET = '000102030405060708090a0b0c0d0e0f92c516ebbdf9aecbb68f22247c57812d';

function treeOf(files: Readonly<Record<string, string>>, version = 'abc'): ConfigTree {
  const entries = Object.entries(files).map(([path, text]): [string, ConfigFile] => [
    path,
    { path, id: text, read: () => Promise.resolve(Buffer.from(text)) },
  ]);
  return { version, uri: 'file:///repo', workdir: '/repo', files: new Map(entries) };
}

async function sourcesFor(files: Readonly<Record<string, string>>, application: string, profiles: string) {
  const loaded = await new TreeLoader({ cipher }).load(treeOf(files));
  return assembleEnvironment(loaded, { application, profiles, label: undefined }, { cipher }).environment;
}

describe('assembleEnvironment', () => {
  const text = 'a: 1\n';

  it('puts profiles over names and the last of each first', async () => {
    const names = ['application', 'application-dev', 'foo', 'foo-dev', 'foo-qa', 'other'];
    const files = Object.fromEntries(names.map((name) => [`${name}.yml`, text]));
    const { propertySources, profiles } = await sourcesFor({ ...files, 'foo.properties': 'a=2' }, 'foo', 'dev,qa');
    expect(profiles).toEqual(['dev,qa']);
    expect(propertySources.map(({ name }) => name.replace('file:///repo/', ''))).toEqual([
      'foo-qa.yml',
      'foo-dev.yml',
      'application-dev.yml',
      'foo.properties',
      'foo.yml',
      'application.yml',
    ]);
  });

  it('takes the documents whose profile is active, and names them as the reference does', async () => {
    const many =
      'a: 1\n---\nspring.config.activate.on-profile: dev\na: 2\n---\nspring.config.activate.on-profile: x\na: 3\n';
    const { propertySources } = await sourcesFor({ 'foo.yml': many }, 'foo', 'dev');
    expect(propertySources.map(({ name }) => name)).toEqual(
      [1, 0].map((n) => `file:///repo/Config resource 'file [/repo/foo.yml' via location '' (document #${n})`),
    );
  });

  it('adds groups and includes unless the default profile is asked for', async () => {
    const files = {
      'application.yml': 'spring.profiles:\n  include: extra\n  group.dev: [db, mq]\n',
      'foo-db.yml': text,
      'foo-extra.yml': text,
    };
    const read = async (profiles: string) => (await sourcesFor(files, 'foo', profiles)).propertySources.length;
    expect(await read('dev')).toBe(3);
    expect(await read('qa')).toBe(2);
    expect(await read('default')).toBe(1);
  });

  it('writes values with their origins and Java numbers, decrypted ones last', async () => {
    const environment = await sourcesFor(
      { 'foo.yml': `p: '{cipher}${SECRET}'\nd: 1.0\nq: '{cipher}00'\n` },
      'foo',
      'x',
    );
    const head = '{"name":"foo","profiles":["x"],"label":null,"version":"abc","state":"","propertySources":[';
    const source = (d: string) =>
      `{"name":"file:///repo/foo.yml","source":{"d":${d},"p":"mysecret","invalid.q":"<n/a>"}}]}`;
    expect(environmentJson(environment, 'v1')).toBe(head + source('1.0'));
    expect(environmentJson(environment, 'v2')).toBe(head + source('{"value":1.0,"origin":"2:4"}'));
    expect(environmentJson(environment, 'located')).toContain('/repo/foo.yml:2:4');
  });
});

describe('what files say about each other', () => {
  const problemsFor = async (files: Readonly<Record<string, string>>, profiles = 'dev') => {
    const loaded = await new TreeLoader({}).load(treeOf(files));
    return assembleEnvironment(loaded, { application: 'foo', profiles, label: undefined }).problems;
  };
  const pathsFor = async (files: Readonly<Record<string, string>>, profiles = 'default') =>
    (await sourcesFor(files, 'foo', profiles)).propertySources.map(({ name }) => name.replace('file:///repo/', ''));

  it('places imports just above the importer, the last the strongest, with variants for profiles', async () => {
    const files = {
      'application.yml': 'x: 1\n',
      'foo.yml': 'spring.config.import: [one.yml, "optional:file:./two.properties", missing.yml]\n',
      'one.yml': 'spring.config.import: foo.yml\nx: 2\n',
      'one-dev.yml': 'x: 3\n',
      'two.properties': 'x=4\n',
      'foo-dev.yml': 'x: 5\n',
    };
    expect(await pathsFor(files)).toEqual(['two.properties', 'one.yml', 'foo.yml', 'application.yml']);
    expect(await pathsFor(files, 'dev')).toEqual([
      'foo-dev.yml',
      'one-dev.yml',
      'two.properties',
      'one.yml',
      'foo.yml',
      'application.yml',
    ]);
  });

  it('drops imports from outside the folders that are searched, and refuses schemes that nothing reads', async () => {
    const files = { 'foo.yml': 'spring.config.import: sub/one.yml,../up.yml,/etc/x.yml\n', 'sub/one.yml': 'x: 1\n' };
    expect(await pathsFor(files)).toEqual(['foo.yml']);
    const problems = await problemsFor({ 'foo.yml': 'spring.config.import: "vault://secret"\n' });
    expect(problems).toMatchObject([{ code: 'unknown-import', location: { line: 1 } }]);
    expect(await problemsFor({ 'foo.yml': 'spring.config.import: "optional:vault://secret"\n' })).toEqual([]);
  });

  it('looks through an imported folder for the names of the request', async () => {
    const loaded = await new TreeLoader({}).load(
      treeOf({ 'foo.yml': 'spring.config.import: sub/\n', 'sub/foo.yml': 'x: 1\n', 'sub/bar.yml': 'x: 2\n' }),
    );
    const request = { application: 'foo', profiles: 'default', label: undefined };
    const { environment } = assembleEnvironment(loaded, request, { searchPaths: ['sub'] });
    expect(environment.propertySources.map(({ name }) => name.replace('file:///repo/', ''))).toEqual([
      'sub/foo.yml',
      'foo.yml',
    ]);
  });

  it.each([
    ['foo-dev.yml', 'spring.profiles.include: x\n', 'profiles-in-profile'],
    ['foo.yml', 'spring.config.activate.on-profile: dev\nspring.profiles.active[0]: x\n', 'profiles-in-profile'],
    ['foo.yml', 'spring.profiles: dev\nx: 1\n', 'legacy-profiles'],
  ])('refuses, in %s, %j', async (file, text, code) => {
    expect(await problemsFor({ [file]: text })).toMatchObject([
      { severity: 'error', code, location: { file: expect.stringContaining(file) } },
    ]);
    expect(await problemsFor({ 'foo.yml': 'spring.profiles.include: x\n' })).toEqual([]);
  });
});

describe('ServedState', () => {
  it('keeps the last good state while a newer one has a new error', async () => {
    let tree = treeOf({ 'foo.yml': 'a: 1\n' }, 'one');
    let changed = (): void => undefined;
    const source: ConfigSource = {
      resolve: () => Promise.resolve(tree),
      watch: (onChange) => ((changed = onChange), () => undefined),
      refresh: () => Promise.resolve(),
      status: () => ({ uri: tree.uri, version: tree.version, ageMs: 0, error: undefined }),
      close: () => Promise.resolve(),
    };
    const served = new ServedState(source);
    const change = async (next: ConfigTree) => {
      tree = next;
      const told = new Promise<void>((resolve) => {
        const stop = served.onChange(() => (stop(), resolve()));
      });
      changed();
      await told;
      return served.current(undefined);
    };
    expect((await served.current(undefined)).refused).toEqual([]);
    const broken = await change(treeOf({ 'foo.yml': 'a: 1\na: 2\n' }, 'two'));
    expect(broken.loaded.tree.version).toBe('one');
    expect(broken.refused).toMatchObject([{ code: 'invalid-yaml', location: { line: 2 } }]);
    const mended = await change(treeOf({ 'foo.yml': 'a: 3\n' }, 'three'));
    expect([mended.loaded.tree.version, mended.refused.length]).toEqual(['three', 0]);
    served.close();
  });
});
