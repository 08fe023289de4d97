import type { Problem } from '#kernel';
import { fetchEnvironment } from '#protocols/config-api';
import {
  openPorts,
  readSettings,
  readSettingsWithRemote,
  type BoundSettings,
  type RemoteRequest,
  type RemoteSettings,
  type SettingsSchema,
} from '#settings';
import { CommandFault } from './command-fault.ts';
import type { Terminal } from './terminal.ts';

/** Reads the settings of a process. Every fault is a line; with one, nothing starts. */
export function readAppSettings<S extends SettingsSchema>(schema: S, args: readonly string[]): BoundSettings<S> {
  return sound(readSettings(schema, { args }));
}

/** The same with those of a config server, where one is configured or given. */
export async function readRemoteSettings<S extends SettingsSchema>(
  schema: S,
  request: Omit<RemoteRequest, 'fetchEnvironment'>,
  terminal: Terminal,
): Promise<RemoteSettings<S>> {
  const settings = sound(await readSettingsWithRemote(schema, { ...request, fetchEnvironment }));
  const { remote } = settings;
  if (remote?.problem !== undefined) {
    const used = { live: 'used', 'last-good': 'used as they were last', none: 'not used' }[remote.state];
    terminal.note(`settings of the config server ${remote.url} are ${used}: ${remote.problem}`);
  }
  return settings;
}

function sound<B extends { readonly problems: readonly Problem[] }>(bound: B): B {
  if (bound.problems.length > 0) throw CommandFault.ofProblems(bound.problems);
  return bound;
}

/** Refuses to open a port to the network unless `cardea.insecure` says so. */
export function refuseOpenPorts(insecure: boolean, addresses: Readonly<Record<string, string>>): void {
  const problems = openPorts(insecure, addresses);
  if (problems.length > 0) throw CommandFault.ofProblems(problems);
}
