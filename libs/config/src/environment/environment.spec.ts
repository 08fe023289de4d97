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
