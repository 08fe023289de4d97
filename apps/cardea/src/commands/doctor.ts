import type { Command } from 'commander';
import { CommandFault } from '../command-fault.ts';
import { examine, type Finding } from '../examination.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';
import { UP_SCHEMA } from '../up-schema.ts';

const SIGNS: Readonly<Record<Finding['verdict'], string>> = { good: 'ok   ', note: 'note ', bad: 'BAD  ' };

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(
    command.option('--json', 'print a JSON document').option('--settings', 'list all settings'),
    UP_SCHEMA,
  );
  command.action(async (options: { json?: boolean; settings?: boolean }) => {
    if (options.settings === true) {
      listSettings(terminal, options.json === true);
      return;
    }
    const findings = await examine(command.args);
    if (options.json === true) terminal.json({ findings });
    else
      for (const { verdict, what, remedy } of findings)
        terminal.line(SIGNS[verdict] + what + (remedy ? `; ${remedy}` : ''));
    const bad = findings.filter(({ verdict }) => verdict === 'bad').length;
    if (bad > 0)
      throw new CommandFault([`cardea doctor: ${bad} of ${findings.length} will keep \`cardea up\` from working`]);
  });
}

function listSettings(terminal: Terminal, json: boolean): void {
  const rows = Object.values(UP_SCHEMA).map(({ key, aliases, kind, fallback, doc }) => ({
    key,
    aliases,
    kind,
    default: fallback ?? null,
    doc,
  }));
  if (json) terminal.json({ settings: rows });
  else for (const { key, kind, doc } of rows) terminal.line(`${key}  (${kind})  ${doc}`);
}
