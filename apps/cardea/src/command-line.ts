import { Command, CommanderError } from 'commander';
import { CardeaError, suggest } from '#kernel';
import { CommandFault } from './command-fault.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const NAMES_HELP = ['help', '--help', '-h'];
/** Shows where a fault comes from; whichever command it is given to. */
const TRACE = '--trace';
const NAMES_VERSION = ['version', '--version', '-V'];

/** Runs one command and answers its exit status: 0, or 1 after a line that says what is wrong and what to do. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  const [name, ...rest] = args.filter((word) => word !== TRACE);
  if (name === undefined || (NAMES_HELP.includes(name) && rest.length === 0)) {
    terminal.line(overview(commands));
    return name === undefined ? 1 : 0;
  }
  if (NAMES_VERSION.includes(name)) {
    terminal.line(`cardea ${VERSION}`);
    return 0;
  }
  const wanted = NAMES_HELP.includes(name) ? rest[0] : name;
  const entry = commands.find((candidate) => candidate.name === wanted);
  if (entry === undefined) {
    terminal.note(unknownCommand(wanted ?? name, commands));
    return 1;
  }
  return runCommand(entry, entry.name === name ? rest : ['--help'], terminal);
}

async function runCommand(entry: CommandEntry, args: readonly string[], terminal: Terminal): Promise<number> {
  const command = new Command(`cardea ${entry.name}`).description(entry.summary);
  try {
    (await entry.load()).register(command, terminal);
    adopt(command, terminal);
    await command.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      if (error.code === 'commander.help') return 1;
      terminal.note(`cardea ${entry.name}: ${message}; see \`cardea ${entry.name} --help\``);
      return 1;
    }
    for (const line of faultLines(error)) terminal.note(line);
    return 1;
  }
}

/** Subcommands must not end the process or print by themselves either. */
function adopt(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.line(text.trimEnd()),
    writeErr: (text) => terminal.note(text.trimEnd()),
    outputError: () => undefined,
  });
  for (const subcommand of command.commands) adopt(subcommand, terminal);
}

function faultLines(error: unknown): readonly string[] {
  if (error instanceof CommandFault) return error.lines;
  if (error instanceof CardeaError) {
    return [error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`];
  }
  if (process.argv.includes(TRACE)) return [error instanceof Error ? String(error.stack) : String(error)];
  const message = error instanceof Error ? error.message : String(error);
  return [`cardea: ${message.split('\n')[0]}; run it again with --trace to see where it comes from`];
}

function overview(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map((entry) => entry.name.length));
  const list = commands.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.summary}`);
  return [
    'Usage: cardea COMMAND [OPTION…] [--any.setting=value…]',
    '',
    ...list,
    '',
    'cardea COMMAND --help tells more. Start with: cardea up --demo',
  ].join('\n');
}

function unknownCommand(name: string, commands: readonly CommandEntry[]): string {
  const guess = suggest(
    name,
    commands.map((entry) => entry.name),
  );
  const remedy = guess === undefined ? '`cardea --help` lists the commands' : `did you mean \`cardea ${guess}\`?`;
  return `cardea: there is no command "${name}"; ${remedy}`;
}
