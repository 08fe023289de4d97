import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cardea, describePart } from './cardea.ts';
import { type Child, destroyAll, eventually } from './child.ts';
import { startEcho } from './echo.ts';
import { ask, ConstantLoad } from './load.ts';
import { Workspace } from './workspace.ts';

/** Routes of the test: `marker` shows in answers which version of the file is live. */
const routes = (marker: string, more = '') => `
spring:
  cloud:
    gateway:
      routes:
        - id: echo
          uri: lb://echo
          predicates:
            - Path=/echo/**
          filters:
            - StripPrefix=1
            - AddResponseHeader=X-Marker, ${marker}
            - name: Retry
              args:
                retries: 3
                methods: GET
                series: SERVER_ERROR
${more}`;

let workspace: Workspace;

afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

function startInstances(registry: string, count: number, ttl = 2): Promise<Child[]> {
  return Promise.all(Array.from({ length: count }, () => startEcho(registry, ttl)));
}

/** Waits until every instance has answered through the gateway. */
async function allServe(gateway: string, instances: readonly Child[]): Promise<void> {
  const seen = new Set<number>();
  await eventually(async () => {
    const answer = await ask(`${gateway}/echo/`);
    if (answer.status !== 200) return false;
    const { pid }: { pid: number } = JSON.parse(answer.body);
    seen.add(pid);
    return instances.every((instance) => seen.has(instance.pid));
  });
}

describePart(['data plane'], 'changes while requests flow', () => {
  it('takes 200 route edits without failing a request', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('0') });
    const cardea = await Cardea.up(workspace);
    const gateway = cardea.url('gateway');
    await allServe(gateway, await startInstances(cardea.url('registry'), 2));

    const load = new ConstantLoad((id) => `${gateway}/echo/${id}?id=${id}`, 8);
    await load.more(20);
    for (let edit = 1; edit <= 200; edit += 1) {
      const other = `        - id: other-${edit}\n          uri: http://127.0.0.1:9\n          predicates:\n            - Path=/other-${edit}\n`;
      await workspace.commit({ 'config-repo/gateway.yml': routes(String(edit), edit % 2 === 0 ? other : '') });
      await eventually(async () => (await ask(`${gateway}/echo/`)).headers['x-marker'] === String(edit), 5_000);
    }
    await load.more(20);
    await load.stop();
    expect(load.failures).toEqual([]);
  }, 300_000);

  it('serves every idempotent request when an instance is killed, which is out within two seconds', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('0') });
    const cardea = await Cardea.up(workspace);
    const gateway = cardea.url('gateway');
    const instances = await startInstances(cardea.url('registry'), 3);
    await allServe(gateway, instances);

    const load = new ConstantLoad((id) => `${gateway}/echo/${id}?id=${id}&delay=${id % 7}`, 16);
    await load.more(200);
    const [victim] = instances;
    await victim?.destroy();
    const killedAt = Date.now();
    await eventually(async () => {
      const listed: { instances: unknown[] } = JSON.parse(
        (await ask(`${cardea.url('registry')}/api/v1/services/echo`)).body,
      );
      return listed.instances.length === 2;
    });
    // The lease is two seconds; what is above it is the time until somebody looks.
    expect(Date.now() - killedAt).toBeLessThan(2_500);
    await load.more(200);
    await load.stop();
    expect(load.failures).toEqual([]);
  }, 60_000);
});

describePart(['data plane', 'config server'], 'parts that go away', () => {
  // With a long lease the gateway is back at the registry well before the instances are.
  it.each([
    ['', { ttl: 2, forgets: false }],
    [' without knowing anybody', { ttl: 20, forgets: true }],
  ])(
    'serves on while the registry is away and comes back%s',
    async (_name, { ttl, forgets }) => {
      workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('0') });
      const registry = await Cardea.registry(workspace);
      const port = new URL(registry.url('registry')).port;
      const config = await Cardea.configServer(workspace);
      const gateway = await Cardea.gateway(workspace, {
        registry: registry.url('registry'),
        config: config.url('config-server'),
      });
      const instances = await startInstances(registry.url('registry'), 2, ttl);
      await allServe(gateway.url('gateway'), instances);

      const load = new ConstantLoad((id) => `${gateway.url('gateway')}/echo/${id}?id=${id}`, 8);
      await load.more(100);
      await registry.child.destroy();
      if (forgets) await rm(join(workspace.dataDir, 'registry'), { recursive: true, force: true });
      await load.more(300);
      const again = await Cardea.registry(workspace, Number(port));
      await eventually(async () => {
        const answer = await ask(`${again.url('registry')}/api/v1/services/echo`);
        const { instances: known }: { instances?: unknown[] } = JSON.parse(answer.body);
        return known?.length === 2;
      }, 15_000);
      // News from the new registry reaches the gateway too.
      const [third] = await startInstances(again.url('registry'), 1);
      await eventually(async () => load.lastAnswerBy.has(third?.pid ?? 0));
      await load.stop();
      expect(load.failures).toEqual([]);
    },
    60_000,
  );

  it('starts from the last good configuration when the config server is down, and shows it', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('kept') });
    const registry = await Cardea.registry(workspace);
    const config = await Cardea.configServer(workspace);
    const urls = { registry: registry.url('registry'), config: config.url('config-server') };
    const instances = await startInstances(urls.registry, 1);
    const first = await Cardea.gateway(workspace, urls);
    await allServe(first.url('gateway'), instances);
    await first.child.end('SIGTERM');
    await config.child.destroy();

    const second = await Cardea.gateway(workspace, urls);
    await allServe(second.url('gateway'), instances);
    expect((await ask(`${second.url('gateway')}/echo/`)).headers['x-marker']).toBe('kept');
    const shown: { configSource: { state: string } } = JSON.parse(
      (await ask(`${second.url('management')}/api/v1/gateway/routes`)).body,
    );
    expect(shown.configSource.state).toBe('last-good');
  }, 60_000);
});
