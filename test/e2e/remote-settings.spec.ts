import { Cardea, describePart } from './cardea.ts';
import { destroyAll, eventually } from './child.ts';
import { ask } from './load.ts';
import { Workspace } from './workspace.ts';

const GATEWAY = `
zuul:
  ignoredServices: '*'
  routes:
    home: { path: /**, url: 'http://127.0.0.1:9' }
cardea:
  gateway:
    workers: 2
`;

let workspace: Workspace;

afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

interface Health {
  readonly components: {
    readonly settings: { readonly details: { readonly state: string; readonly problem?: string } };
    readonly workers: { readonly details: { readonly pids: readonly number[] } };
  };
}

describePart(['data plane', 'config server'], 'settings from the config server', () => {
  it('count for a gateway below its own, and are kept for a start without the config server', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': GATEWAY });
    const config = await Cardea.configServer(workspace);
    const registry = await Cardea.registry(workspace);
    const start = () =>
      Cardea.start(
        workspace,
        'gateway',
        ['gateway', 'management'],
        [
          '--server.port=0',
          '--management.server.port=0',
          `--cardea.registry.url=${registry.url('registry')}`,
          `--spring.config.import=configserver:${config.url('config-server')}`,
        ],
      );
    const healthOf = async (gateway: Cardea): Promise<Health['components']> => {
      const health: Health = JSON.parse((await ask(`${gateway.url('management')}/actuator/health`)).body);
      return health.components;
    };
    const first = await start();
    const { settings, workers } = await healthOf(first);
    expect(settings.details.state).toBe('live');
    expect(workers.details.pids).toHaveLength(2);
    // Its routes come from there too: nobody named another place.
    await eventually(async () => (await ask(`${first.url('gateway')}/x`)).status === 502);
    await first.child.end('SIGTERM');
    await config.child.destroy();

    const second = await start();
    expect(second.child.output).toMatch(/settings of the config server \S+ are used as they were last: /);
    const later = await healthOf(second);
    expect(later.settings.details).toMatchObject({ state: 'last-good', problem: 'nothing listens there' });
    expect(later.workers.details.pids).toHaveLength(2);
  }, 60_000);
});
