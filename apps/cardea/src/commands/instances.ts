import type { Command } from 'commander';
import { CardeaError } from '#kernel';
import { RegistryClient, type InstanceView } from '#protocols/registry-api';
import { tableLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { registryOption, type RegistryChoice } from './registry-option.ts';

interface ListOptions extends RegistryChoice {
  readonly status?: string;
  readonly json?: boolean;
}

interface TargetOptions extends RegistryChoice {
  readonly service?: string;
  readonly json?: boolean;
}

type Act = (client: RegistryClient, target: InstanceView) => Promise<InstanceView | undefined>;

const HEAD = ['SERVICE', 'ID', 'ADDRESS', 'STATUS', 'WEIGHT', 'ZONE', 'TTL', 'LEFT', 'HELD'];

export function register(command: Command, terminal: Terminal): void {
  command
    .command('list', { isDefault: true })
    .description('show instances and the time their leases have left')
    .argument('[service]')
    .addOption(registryOption())
    .option('--status <status>', 'only those: UP, DOWN, STARTING, OUT_OF_SERVICE, UNKNOWN')
    .option('--json', 'print a JSON document')
    .action((service: string | undefined, options: ListOptions) => list(service, options, terminal));

  const action = (name: string, description: string, done: string, act: Act): void => {
    command
      .command(name)
      .description(description)
      .argument('<id>')
      .addOption(registryOption())
      .option('--service <name>', 'needed when several services have an instance with this id')
      .option('--json', 'print a JSON document')
      .action(async (id: string, { registry, service, json }: TargetOptions) => {
        const client = new RegistryClient(registry);
        const target = await findTarget(client, id, service);
        const after = (await act(client, target)) ?? target;
        if (json === true) terminal.json({ action: name, instance: after });
        else terminal.line(`${target.id} of ${target.service} ${done}`);
      });
  };
  action('drain', 'take an instance out of traffic until it is undrained', 'gets no new requests', (client, target) =>
    client.overrideStatus(target.service, target.id, 'OUT_OF_SERVICE'),
  );
  action('undrain', 'give a drained instance traffic again', 'is back in traffic', (client, target) =>
    client.clearStatus(target.service, target.id),
  );
  action('evict', 'remove an instance; it comes back if it still renews', 'is removed', async (client, target) => {
    await client.remove(target.service, target.id);
    return undefined;
  });
}

async function list(service: string | undefined, options: ListOptions, terminal: Terminal): Promise<void> {
  const client = new RegistryClient(options.registry);
  const page = await client.instances({ service, status: options.status, limit: '50000' });
  if (options.json === true) {
    terminal.json(page);
    return;
  }
  if (page.instances.length === 0) {
    terminal.note(service === undefined ? 'no instance is registered' : `no instance of ${service} is registered`);
  }
  const now = Date.now();
  for (const line of tableLines(
    HEAD,
    page.instances.map((view) => rowOf(view, now)),
  ))
    terminal.line(line);
}

function rowOf(view: InstanceView, now: number): readonly string[] {
  const left = Math.max(0, (view.expiresAt - now) / 1_000);
  const address = `${view.secure ? 'https://' : ''}${view.host}:${view.port}`;
  const { service, id, status, weight, zone = '-', ttlMs, held } = view;
  return [service, id, address, status, String(weight), zone, `${ttlMs / 1_000}s`, `${left.toFixed(1)}s`, held ?? '-'];
}

async function findTarget(client: RegistryClient, id: string, service: string | undefined): Promise<InstanceView> {
  const { instances } = await client.instances({ service, id });
  const [target] = instances;
  if (target !== undefined && instances.length === 1) return target;
  if (target === undefined) {
    throw new CardeaError('unknown-instance', `no instance "${id}" is registered`, {
      source: 'downstream',
      remedy: '`cardea instances list` shows the ids',
    });
  }
  const services = instances.map((instance) => instance.service).join(', ');
  throw new CardeaError('ambiguous-instance', `"${id}" is an instance of ${services}`, {
    source: 'downstream',
    remedy: 'say which with --service',
  });
}
