import { readFileSync } from 'node:fs';
import { CardeaError, type Problem } from '#kernel';
import {
  ALL_TABLES,
  loadSettings,
  PROCESS_SETTINGS,
  type IgnoredKey,
  type SettingsOf,
  type SettingsSchema,
} from '#settings';
import { CommandFault } from './command-fault.ts';
import { parseFile } from './config-repo/documents.ts';
import { isActive } from './config-repo/repository.ts';

export interface AppSettings<S extends SettingsSchema> {
  readonly values: SettingsOf<S>;
  readonly ignored: readonly IgnoredKey[];
}

/** Reads the settings of a process. Every fault is a line; with one, nothing starts. */
export function readAppSettings<S extends SettingsSchema>(schema: S, args: readonly string[]): AppSettings<S> {
  // Which documents of the files apply depends on the profiles, which the files may name.
  const profiles = load(PROCESS_SETTINGS, args, []).values.profiles;
  const { values, ignored, problems } = load(schema, args, profiles);
  if (problems.length > 0) throw CommandFault.ofProblems(problems);
  return { values, ignored };
}

/** Also for `cardea doctor`, which wants the faults. */
export function load<S extends SettingsSchema>(schema: S, args: readonly string[], profiles: readonly string[]) {
  return loadSettings(schema, { args, readFile: (path) => readSettingsFile(path, profiles) }, ALL_TABLES);
}

function readSettingsFile(path: string, profiles: readonly string[]) {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw new CardeaError('unreadable-settings', missing ? `there is no ${path}` : `${path} cannot be read`, {
      source: 'downstream',
      cause: error,
      remedy: 'name a YAML or properties file after --config',
    });
  }
  const { documents, problems } = parseFile(text, path);
  return { sources: documents.filter(({ onProfile }) => isActive(onProfile, profiles)).toReversed(), problems };
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Refuses to open a port to the network unless `cardea.insecure` says so: there are no credentials yet. */
export function refuseOpenPorts(insecure: boolean, addresses: Readonly<Record<string, string>>): void {
  const problems = Object.entries(addresses).flatMap(([key, address]): Problem[] =>
    insecure || LOOPBACK.test(address)
      ? []
      : [
          {
            severity: 'error',
            code: 'open-port',
            message: `${key}=${address} would let the network in without credentials`,
            remedy: `leave it at 127.0.0.1, or allow it: --cardea.insecure=true`,
            subject: key,
          },
        ],
  );
  if (problems.length > 0) throw CommandFault.ofProblems(problems);
}
