import { join } from 'node:path';
import { Cardea, describePart, runCardea } from './cardea.ts';
import { Child, destroyAll, eventually, NODE, ROOT } from './child.ts';
import { ask } from './load.ts';
import { Workspace } from './workspace.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create({ 'config-repo/shop.yml': 'a: 1\n', 'config-repo/application.yml': 'b: 2\n' });
});
afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

interface Health {
  readonly status: string;
  readonly components: { readonly configServer: { readonly details: Readonly<Record<string, unknown>> } };
}

describePart(['config server'], 'a config server alone', () => {
  it('keeps serving the last good commit, and says which line of the newest is wrong', async () => {
    const server = await Cardea.configServer(workspace);
    const url = server.url('config-server');
    const details = async (): Promise<Readonly<Record<string, unknown>>> => {
      const health: Health = JSON.parse((await ask(`${url}/actuator/health`)).body);
      expect(health.status).toBe('UP');
      return health.components.configServer.details;
    };
    const first = await ask(`${url}/shop/default`);
    expect(first.headers['cardea-config-state']).toBeUndefined();
    expect(await details()).toMatchObject({ quality: 'good', state: 'live', problems: [] });

    await workspace.commit({ 'config-repo/shop.yml': 'a: 3\nb: [\n' });
    const line = /config-repo\/shop\.yml:\d+:\d+: not valid YAML: /;
    const refused = await eventually(async () => {
      const answer = await ask(`${url}/shop/default`);
      return answer.headers['cardea-config-state'] === 'last-good' && answer;
    });
    expect(refused.body).toBe(first.body);
    expect(refused.headers['cardea-config-problem']).toMatch(line);
    expect((await ask(`${url}/shop-default.properties`)).headers['cardea-config-problem']).toMatch(line);
    expect(await details()).toMatchObject({
      quality: 'degraded',
      state: 'last-good',
      problems: [expect.stringMatching(line)],
    });

    await workspace.commit({ 'config-repo/shop.yml': 'a: 4\n' });
    await ask(`${url}/api/v1/config/refresh`, { method: 'POST' });
    const mended = await ask(`${url}/shop/default`);
    expect(mended.headers['cardea-config-state']).toBeUndefined();
    expect(mended.body).toContain('"a":4');
    expect(await details()).toMatchObject({ quality: 'good', state: 'live' });
    expect(await server.child.end('SIGTERM')).toBe(0);
  }, 30_000);

  it('tells who wrote a value, what changed since, and what an application would get from another commit', async () => {
    await workspace.commit({ 'config-repo/shop-eu.yml': 'a: 5\n' });
    const server = await Cardea.configServer(workspace);
    const api = `${server.url('config-server')}/api/v1/config/shop/eu`;
    const json = async (path: string): Promise<unknown> => JSON.parse((await ask(`${api}/${path}`)).body);
    expect(await json('explain?key=a')).toMatchObject({
      winner: { value: '5', change: { author: 'Test', message: 'Edit' } },
      losers: [{ value: '1' }],
    });
    const history: { commits?: { id: string }[] } = JSON.parse((await ask(`${api}/history`)).body);
    expect(history.commits).toHaveLength(2);
    const [newest, oldest] = history.commits?.map(({ id }) => id) ?? [];
    expect(await json('history?limit=1')).toMatchObject({ commits: [{ id: newest, author: 'Test' }] });
    expect(await json(`diff?from=${oldest}`)).toEqual({
      from: oldest,
      to: newest,
      changes: [{ key: 'a', from: '1', to: '5', location: expect.stringMatching(/shop-eu\.yml:1:4$/) }],
    });
    expect((await ask(`${api}/diff`)).status).toBe(400);
    expect((await ask(`${api}/diff?from=nothing`)).status).toBe(404);
    const child = runCardea(workspace, [
      'config',
      'explain',
      'a',
      '--app',
      'shop',
      '-p',
      'eu',
      '--repo',
      'config-repo',
    ]);
    expect(await child.exited).toBe(0);
    expect(child.output).toMatch(
      /^a = 5\n {2}set by config-repo\/shop-eu\.yml:1:4\n {2}in [0-9a-f]{12} by Test, [\d-]+: Edit\n/,
    );
  }, 30_000);

  it('runs without the command too, and names what is wrong with a setting', async () => {
    const main = join(ROOT, 'dist/apps/config-server/src/main.js');
    const server = new Child(NODE, [main, '--server.port=0', '--cardea.config-repo=config-repo'], {
      cwd: workspace.folder,
    });
    const [, url] = await server.printed(/config-server listens on (http:\S+)/);
    expect((await ask(`${url}/shop-default.properties`)).body).toBe('b: 2\na: 1');
    expect(await server.end('SIGTERM')).toBe(0);
    const wrong = new Child(NODE, [main, '--server.port=x'], { cwd: workspace.folder });
    expect(await wrong.exited).toBe(1);
    expect(wrong.output).toMatch(/server\.port: "x" is not a port; /);
    const open = new Child(NODE, [main, '--server.port=0', '--server.address=0.0.0.0'], { cwd: workspace.folder });
    expect(await open.exited).toBe(1);
    expect(open.output).toMatch(/server\.address=0\.0\.0\.0 would let the network in without credentials; /);
  }, 30_000);

  it('says in one line that what it is to serve is not there', async () => {
    const child = runCardea(workspace, ['config-server', '--server.port=0', '--cardea.config-repo=nowhere']);
    expect(await child.exited).toBe(1);
    expect(child.output.trim().split('\n')).toEqual([expect.stringMatching(/nowhere.*; /)]);
  }, 30_000);
});
