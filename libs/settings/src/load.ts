import type { PropertySource } from '#config';
import type { Problem } from '#kernel';
import { bindSettings, type BoundSettings } from './bind.ts';
import type { SettingsSchema } from './definition.ts';
import { readArguments, readEnvironment } from './process-sources.ts';

export interface SettingsInput {
  /** Words of the command line that are settings. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Documents of one file, strongest first, with what is wrong in it. Throws when the file cannot be read. */
  readonly readFile: (path: string) => {
    readonly sources: readonly PropertySource[];
    readonly problems: readonly Problem[];
  };
  /** What the config server says, strongest first: weaker than everything written for this process. */
  readonly remote?: readonly PropertySource[];
}

/**
 * Reads one app's settings: command line, environment, `--config` files (later ones win), config server, defaults.
 * Nothing is thrown for a bad value: `problems` has all of them. The result is frozen.
 */
export function loadSettings<S extends SettingsSchema>(
  schema: S,
  input: SettingsInput,
  tables: readonly SettingsSchema[] = [],
): BoundSettings<S> {
  const words = readArguments(input.args);
  const definitions = [schema, ...tables].flatMap((table) => Object.values(table));
  const names = definitions.flatMap(({ key, aliases }) => [key, ...aliases]);
  const files = words.files.toReversed().map(input.readFile);
  const bound = bindSettings(
    schema,
    [
      words.source,
      readEnvironment(input.environment ?? process.env, names),
      ...files.flatMap(({ sources }) => sources),
    ],
    tables,
    input.remote,
  );
  return { ...bound, problems: [...files.flatMap(({ problems }) => problems), ...bound.problems] };
}
