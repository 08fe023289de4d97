import type { Command } from 'commander';
import { suggest } from '#kernel';
import type { SettingsSchema } from '#settings';
import { CommandFault } from './command-fault.ts';

/** Lets a command take any `--some.setting=value` and lists in its help those that concern it. */
export function acceptSettings(command: Command, schema: SettingsSchema): Command {
  const rows = Object.values(schema).map(({ key, fallback, doc, unit }) => {
    const text = typeof fallback === 'object' ? '' : JSON.stringify(fallback ?? '').replaceAll('"', '');
    const value = text === '' ? '' : ` (${text}${unit === undefined ? '' : ` ${unit}`})`;
    return `  --${key}=…  ${doc}${value}`;
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
