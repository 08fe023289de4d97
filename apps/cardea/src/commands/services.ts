import type { Command } from 'commander';
import { RegistryClient } from '#protocols/registry-api';
import { tableLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { registryOption, type RegistryChoice } from './registry-option.ts';

export function register(command: Command, terminal: Terminal): void {
  command
    .addOption(registryOption())
    .option('--json', 'print a JSON document')
    .action(async ({ registry, json }: RegistryChoice & { json?: boolean }) => {
      const services = await new RegistryClient(registry).services();
      if (json === true) {
        terminal.json({ services });
        return;
      }
      if (services.length === 0) terminal.note('no service is registered');
      const rows = services.map(({ name, up, instances }) => [name, String(up), String(instances)]);
      for (const line of tableLines(['SERVICE', 'UP', 'INSTANCES'], rows)) terminal.line(line);
    });
}
