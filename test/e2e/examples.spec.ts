import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../../apps/registry/src/registry.app.ts';
import { DEFAULT_REGISTRY_SETTINGS } from '../../apps/registry/src/registry-settings.ts';
import { describeWith, findEngine, freePorts, type EngineName } from '../engines/engine.ts';
import { Child, destroyAll, eventually, ROOT } from './child.ts';
import { ask } from './load.ts';

interface Example {
  readonly service: string;
  readonly needs: EngineName[];
  readonly property: string;
  /** Command and arguments for a port, a registry and a config server. */
  readonly command: (port: number, registry: string, config: string) => [string, ...string[]];
}

const scratch = mkdtempSync(join(tmpdir(), 'cardea-examples-'));
const inventory = join(scratch, 'inventory');

const examples: Example[] = [
  {
    service: 'orders',
    needs: ['python'],
    property: 'orders.currency',
    command: (port, registry, config) => {
      const script = join(ROOT, 'examples/python-orders/orders.py');
      return ['python3', script, '--port', `${port}`, '--registry', registry, '--config', config];
    },
  },
  {
    service: 'inventory',
    needs: ['go'],
    property: 'inventory.warehouse',
    command: (port, registry, config) => [inventory, '-port', `${port}`, '-registry', registry, '-config', config],
  },
  {
    service: 'hello',
    needs: ['curl'],
    property: 'hello.greeting',
    command: (port, registry, config) => {
      const script = join(ROOT, 'examples/shell-hello/hello.sh');
      return ['sh', script, `${port}`, registry, config];
    },
  },
];

let config: Server;
let configUrl: string;
let registry: RunningRegistry | undefined;

async function openRegistry(port: number): Promise<void> {
  registry = await startRegistry({ ...DEFAULT_REGISTRY_SETTINGS, server: { port, address: '127.0.0.1' } });
}

function startExample(command: Example['command'], port: number, registryUrl: string): Child {
  const [program, ...parameters] = command(port, registryUrl, configUrl);
  return new Child(program, parameters);
}

/** An example that has found its registry. */
async function startRegistered(command: Example['command']) {
  const [registryPort = 0, port = 0] = await freePorts(2);
  const registryUrl = `http://127.0.0.1:${registryPort}`;
  await openRegistry(registryPort);
  const child = startExample(command, port, registryUrl);
  await child.printed(/: registered\n/);
  return { child, port, registryUrl };
}

async function instancesOf(url: string, service: string): Promise<{ port: number; status: string }[]> {
  const answer = await fetch(`${url}/api/v1/services/${service}`);
  if (!answer.ok) return [];
  const found: { instances: { port: number; status: string }[] } = JSON.parse(await answer.text());
  return found.instances;
}

beforeAll(async () => {
  config = createServer((request, response) => {
    const { property } = examples.find(({ service }) => request.url?.startsWith(`/${service}`)) ?? { property: 'none' };
    if (request.url?.endsWith('.properties')) response.end(`${property}: from-config\n`);
    else response.end(JSON.stringify({ propertySources: [{ name: 'file', source: { [property]: 'from-config' } }] }));
  }).listen(0, '127.0.0.1');
  await once(config, 'listening');
  const address = config.address();
  configUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const go = findEngine('go');
  if (go !== undefined) execFileSync(go, ['build', '-o', inventory, '.'], { cwd: join(ROOT, 'examples/go-inventory') });
}, 120_000);

afterEach(async () => {
  await destroyAll();
  await registry?.close();
  registry = undefined;
});

afterAll(() => {
  config.close();
  rmSync(scratch, { recursive: true, force: true });
});

for (const { service, needs, property, command } of examples) {
  describeWith(needs, `the example ${service}`, () => {
    it('registers, answers with its property, and leaves on SIGTERM', async () => {
      const { child, port, registryUrl } = await startRegistered(command);
      expect(await instancesOf(registryUrl, service)).toMatchObject([{ port, status: 'UP' }]);
      expect(child.output).toContain(`${property} is from-config`);
      const answer = await ask(`http://127.0.0.1:${port}/${service}`);
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('from-config');

      expect(await child.end('SIGTERM')).toBe(0);
      expect(child.output).toContain('deregistered');
      expect(await instancesOf(registryUrl, service)).toEqual([]);
    }, 30_000);

    it('waits for a registry that is down, and registers anew with one that has forgotten it', async () => {
      const [registryPort = 0, port = 0] = await freePorts(2);
      const registryUrl = `http://127.0.0.1:${registryPort}`;
      const child = startExample(command, port, registryUrl);
      await child.printed(/registry not reachable/);
      for (let life = 0; life < 2; life += 1) {
        await openRegistry(registryPort);
        await eventually(async () => (await instancesOf(registryUrl, service)).length === 1);
        await registry?.close();
      }
      registry = undefined;
      expect(child.process.exitCode).toBeNull();
    }, 30_000);

    it('is gone from the registry when it is killed', async () => {
      const { child, registryUrl } = await startRegistered(command);
      await child.destroy();
      const killedAt = Date.now();
      await eventually(async () => (await instancesOf(registryUrl, service)).length === 0);
      expect(Date.now() - killedAt).toBeLessThan(2_500);
    }, 30_000);
  });
}
