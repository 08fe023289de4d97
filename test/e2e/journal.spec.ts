import { Cardea, describePart, runCardea } from './cardea.ts';
import { destroyAll, eventually } from './child.ts';
import { startEcho } from './echo.ts';
import { ask, ConstantLoad } from './load.ts';
import { Workspace } from './workspace.ts';

const routes = (predicate: string, marker: string) => `
spring:
  cloud:
    gateway:
      routes:
        - id: echo
          uri: lb://echo
          predicates:
            - ${predicate}
          filters:
            - StripPrefix=1
            - AddResponseHeader=X-Marker, ${marker}
        - id: other
          uri: lb://echo
          predicates:
            - Path=/other/**
          filters:
            - AddResponseHeader=X-Marker, ${marker}
`;

let workspace: Workspace;

afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

const markerAt = async (url: string) => (await ask(url)).headers['x-marker'];

describePart(['data plane', 'config server'], 'the log of a process', () => {
  it('tells of a route that an edit breaks, whose version before serves every request until it is mended', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('Path=/echo/**', 'first') });
    const cardea = await Cardea.up(workspace);
    const gateway = cardea.url('gateway');
    await startEcho(cardea.url('registry'));
    await eventually(async () => (await ask(`${gateway}/echo/`)).status === 200);

    const load = new ConstantLoad((id) => `${gateway}/echo/${id}?id=${id}`, 8);
    await load.more(50);
    await workspace.commit({ 'config-repo/gateway.yml': routes('Paath=/echo/**', 'second') });
    // The route that is good is the new one already; the broken one is as it was.
    await eventually(async () => (await markerAt(`${gateway}/other/`)) === 'second');
    await load.more(100);
    expect(await markerAt(`${gateway}/echo/`)).toBe('first');
    await cardea.child.printed(
      /ERROR gateway +config-repo\/gateway\.yml:9:15: unknown predicate "Paath" \(the version before is served\); did you mean Path\?\n/,
    );
    const { routes: shown }: { routes: { id: string; problems: { message: string }[] }[] } = JSON.parse(
      (await ask(`${cardea.url('management')}/api/v1/gateway/routes`)).body,
    );
    expect(shown.map(({ id, problems }) => [id, problems.length])).toEqual([
      ['echo', 1],
      ['other', 0],
    ]);

    await workspace.commit({ 'config-repo/gateway.yml': routes('Path=/echo/**', 'third') });
    await eventually(async () => (await markerAt(`${gateway}/echo/`)) === 'third');
    await cardea.child.printed(
      /INFO +gateway +configuration [0-9a-f]{8} is in effect, version \w+: 2 routes, 0 problems\n/,
    );
    await load.more(50);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(cardea.child.output.match(/unknown predicate/g)).toHaveLength(1);
  }, 60_000);

  it('tells once of a file that is broken under a running process, by whom, and that it is good again', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('Path=/echo/**', 'first') });
    const cardea = await Cardea.up(workspace);
    const { child } = cardea;
    await child.printed(/is in effect/);
    await workspace.commit({ 'config-repo/application.yml': 'a: [1\n' });
    await child.printed(/ERROR config-server .*: commit [0-9a-f]{8} by .* is refused \(1 problem\)/);
    await child.printed(
      /ERROR gateway +the newest configuration is not good \(1 problem\): [0-9a-f]{8} stays in effect/,
    );
    await workspace.commit({ 'config-repo/application.yml': 'a: [1]\n' });
    await child.printed(/INFO +config-server .* is good again/);
    expect(child.output.match(/config-repo\/application\.yml:\d+:\d+: not valid YAML/g)).toHaveLength(1);
    expect(await child.end('SIGTERM')).toBe(0);
    expect(child.output).toMatch(/no new connections are taken.*\n.*drained in .*: none was cut/);
  }, 60_000);

  it('tells a gateway alone what it waits for, in JSON when asked to, and how long it was away', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('Path=/echo/**', 'first') });
    const config = await Cardea.configServer(workspace);
    const registry = await Cardea.registry(workspace);
    const port = Number(new URL(registry.url('registry')).port);
    await registry.child.destroy();
    const gateway = runCardea(workspace, [
      'gateway',
      `--cardea.data-dir=${workspace.dataDir}`,
      '--server.port=0',
      '--management.server.port=0',
      '--cardea.log.format=json',
      `--cardea.registry.url=http://127.0.0.1:${port}`,
      `--cardea.config.url=${config.url('config-server')}`,
    ]);
    const entry = async (event: string) => {
      const [line] = await gateway.printed(new RegExp(`^\\{.*"event":"${event}".*$`, 'm'));
      const parsed: { level: string; message: string; details: Record<string, unknown> } = JSON.parse(line);
      return parsed;
    };
    expect(await entry('registry-lost')).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(
        /cannot be followed: nothing listens there; no instance is known yet: it is waited/,
      ),
      details: { reason: 'nothing listens there' },
    });
    expect(await entry('configuration-applied')).toMatchObject({ details: { routes: 2, problems: 0 } });
    await Cardea.registry(workspace, port);
    expect(await entry('registry-regained')).toMatchObject({ details: { awayMs: expect.any(Number) } });
    await config.child.destroy();
    expect(await entry('config-server-lost')).toMatchObject({
      message: expect.stringContaining('the configuration in effect stays'),
    });
    expect(gateway.output.match(/"event":"registry-lost"/g)).toHaveLength(1);
  }, 60_000);

  it('says why the settings of a config server are not used, with file and line', async () => {
    workspace = await Workspace.create({
      'config-repo/gateway.yml': routes('Path=/echo/**', 'first'),
      'config-repo/application.yml': 'a: [1\n',
    });
    const cardea = await Cardea.up(workspace);
    await cardea.child.printed(
      /WARN +gateway +settings of the config server .* are not used: it answers 500: config-repo\/application\.yml:\d+:\d+: not valid YAML/,
    );
    const health = await ask(`${cardea.url('management')}/actuator/health`);
    expect(health.body).toMatch(/it answers 500: config-repo\/application\.yml:\d+:\d+: not valid YAML/);
  }, 60_000);
});
