import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

export function register(command: Command, terminal: Terminal): void {
  command.option('--json', 'print a JSON document').action((options: { json?: boolean }) => {
    const facts = { runtime: process.version };
    if (options.json) terminal.json(facts);
    else terminal.line(`runtime ${facts.runtime}`);
  });
}
