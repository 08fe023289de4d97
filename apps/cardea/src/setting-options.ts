import type { Command } from 'commander';
import { suggest } from '#kernel';
import type { SettingsSchema } from '#settings';
import { CommandFault } from './command-fault.ts';

/** Lets a command take any `--some.setting=value` and lists in its help those that concern it. */
export function acceptSettings(command: Command, schema: SettingsSchema): Command {
  const rows = Object.values(schema).map(({ key, kind, fallback, doc, choices }) => {
    const text = typeof fallback === 'object' || fallback === undefined ? '' : textOf(fallback, kind);
    return `  --${key}=${choices?.join('|') ?? '…'}  ${doc}${text === '' ? '' : ` (${text})`}`;
  });
  return command
    .allowUnknownOption()
    .allowExcessArguments()
    .hook('preAction', () => refuseMistyped(command))
    .addHelpText('after', `\nSettings, also from --config FILE and the environment (SERVER_PORT):\n${rows.join('\n')}`);
}

/** Keys of settings have a dot: a word without one is an option, or was meant to be one. */
function refuseMistyped(command: Command): void {
  const options = ['config', ...command.options.map(({ long }) => (long ?? '').slice(2))];
  for (const word of command.args) {
    const [, name = ''] = /^--([a-z][a-z-]*)(?:=|$)/i.exec(word) ?? [];
    const guess = name === '' || options.includes(name) ? undefined : suggest(name, options);
    if (guess !== undefined) throw new CommandFault([`--${name} is not known here; did you mean --${guess}?`]);
  }
}

const DURATIONS = [
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;
const SIZES = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
  ['B', 1],
] as const;

/** As one would write it: `30s`, `64KB`. */
function textOf(fallback: unknown, kind: string): string {
  if (typeof fallback !== 'number' || fallback === 0) return String(fallback);
  const units = kind === 'duration' ? DURATIONS : kind === 'size' ? SIZES : [];
  const [name, size] = units.find(([, each]) => fallback >= each && fallback % each === 0) ?? units.at(-1) ?? ['', 1];
  return `${fallback / size}${name}`;
}
