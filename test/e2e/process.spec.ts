import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { Cardea, describePart, FREE_PORTS, runCardea } from './cardea.ts';
import { destroyAll } from './child.ts';
import { ECHO_ROUTE, startRoutedEcho } from './echo.ts';
import { ask } from './load.ts';
import { Workspace } from './workspace.ts';

let workspace: Workspace;
let occupant: Server | undefined;

beforeEach(async () => {
  workspace = await Workspace.create({ 'config-repo/gateway.yml': ECHO_ROUTE });
});

afterEach(async () => {
  await destroyAll();
  occupant?.close();
  occupant = undefined;
  await workspace.remove();
});

/** Lines of a command that must refuse to run. */
async function refusalOf(parameters: readonly string[]): Promise<string[]> {
  const child = runCardea(workspace, parameters);
  const code = await child.exited;
  expect(code).toBe(1);
  return child.output.trim().split('\n');
}

describe('the process', () => {
  it('says in one line that a port is taken', async () => {
    occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const address = occupant.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const lines = await refusalOf([
      'up',
      ...FREE_PORTS,
      `--cardea.data-dir=${workspace.dataDir}`,
      `--management.server.port=${port}`,
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`port ${port} of 127.0.0.1 is taken; `));
  }, 30_000);

  it('says in one line that a configuration file is missing', async () => {
    const lines = await refusalOf(['up', ...FREE_PORTS, '--config', 'nowhere/cardea.yml']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/nowhere\/cardea\.yml.*; /);
  }, 30_000);

  it('says in one line that a key is unknown, and which was meant', async () => {
    const lines = await refusalOf(['up', ...FREE_PORTS, '--cardea.data-dri=x']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/cardea\.data-dri.*cardea\.data-dir/);
  }, 30_000);

  it('exits with 0 on SIGTERM', async () => {
    const cardea = await Cardea.start(workspace, 'up', ['management', 'registry'], FREE_PORTS);
    expect((await ask(`${cardea.url('management')}/actuator/health/liveness`)).status).toBe(200);
    expect(await cardea.child.end('SIGTERM')).toBe(0);
    await expect(ask(cardea.url('registry'))).rejects.toThrow(/ECONNREFUSED/);
  }, 30_000);
});

describePart(['data plane'], 'a stop under load', () => {
  it('finishes what is under way on SIGTERM, and exits with 0', async () => {
    const cardea = await Cardea.up(workspace);
    const gateway = cardea.url('gateway');
    const instance = await startRoutedEcho(cardea);

    const slow = ask(`${gateway}/echo/?id=slow&delay=1500&tell`);
    await instance.printed(/asked for slow/);
    const ended = cardea.child.end('SIGTERM');
    expect((await slow).status).toBe(200);
    expect(await ended).toBe(0);
    await expect(ask(`${gateway}/echo/`)).rejects.toThrow(/ECONNREFUSED/);
  }, 60_000);
});
