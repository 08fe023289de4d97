import type { Command } from 'commander';
import type { SettingsSchema } from '#settings';

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
    .addHelpText('after', `\nSettings, also from --config FILE and the environment (SERVER_PORT):\n${rows.join('\n')}`);
}
