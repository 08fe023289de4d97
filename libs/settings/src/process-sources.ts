import type { Property, PropertySource } from '#config';
import { CardeaError } from '#kernel';
import { COMMAND_LINE } from './bind.ts';
import { environmentName } from './relaxed-name.ts';

/** What the words of a command line mean to settings. */
export interface ArgumentSettings {
  readonly source: PropertySource;
  /** Values of `--config`, in order. */
  readonly files: readonly string[];
}

/**
 * Reads `--any.setting=value` and `--config FILE`. A lone `--any.setting` means true. Other words are refused: by then
 * the command has taken the options it knows.
 */
export function readArguments(args: readonly string[]): ArgumentSettings {
  const properties = new Map<string, Property>();
  const files: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const match = /^--([a-z][\w.[\]-]*)(?:=(.*))?$/is.exec(word);
    const key = match?.[1];
    if (key === undefined) {
      throw new CardeaError('bad-argument', `"${word}" is not understood here`, {
        source: 'internal',
        remedy: 'write settings as --some.key=value',
      });
    }
    if (key === 'config') {
      const file = match?.[2] ?? args[(at += 1)];
      if (file === undefined) {
        throw new CardeaError('bad-argument', '--config needs a file', {
          source: 'internal',
          remedy: 'name a YAML or properties file',
        });
      }
      files.push(file);
      continue;
    }
    properties.set(key, { value: match?.[2] ?? true, origin: { file: `--${key}` } });
  }
  return { source: { name: COMMAND_LINE, properties }, files };
}

/** Kubernetes writes the addresses of services into every container; they only look like settings. */
const NOT_SETTINGS =
  /^CARDEA_(REQUIRE_|TEST_|PORT$|PORT_\d|SERVICE_|.*_SERVICE_(HOST|PORT)|.*_PORT(_\d+_(TCP|UDP).*)?$)/;

/**
 * The environment as a source: variables named after `keys` (`SERVER_PORT`), lists with an index at the end
 * (`…_0`), and whatever else starts with `CARDEA_`, so that typing errors are found.
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  keys: readonly string[],
): PropertySource {
  const byName = new Map(keys.map((key) => [environmentName(key), key]));
  const properties = new Map<string, Property>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const upper = name.toUpperCase();
    const indexed = /^(.*)_(\d+)_?$/.exec(upper);
    const item = indexed === null ? undefined : byName.get(indexed[1] ?? '');
    const key = byName.get(upper) ?? (item === undefined ? undefined : `${item}[${indexed?.[2]}]`);
    const guessed = key ?? (upper.startsWith('CARDEA_') && !NOT_SETTINGS.test(upper) ? unknownKey(upper) : undefined);
    if (guessed !== undefined) properties.set(guessed, { value, origin: { file: `environment ${name}` } });
  }
  return { name: 'environment', properties };
}

function unknownKey(name: string): string {
  return name.toLowerCase().replaceAll('_', '.');
}
