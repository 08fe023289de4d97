import { type Journal, type Problem, shownUrl } from '#kernel';
import { fetchEnvironment } from '#protocols/config-api';
import {
  openPorts,
  readSettings,
  readSettingsWithRemote,
  type BoundSettings,
  type PROCESS_SETTINGS,
  type RemoteRequest,
  type RemoteState,
  type RemoteSettings,
  type SettingsOf,
  type SettingsSchema,
} from '#settings';
import { CommandFault } from './command-fault.ts';
import { ProcessJournal } from '#telemetry';

type LogSettings = Pick<SettingsOf<typeof PROCESS_SETTINGS>, 'logFormat' | 'logLevel'>;

/** Reads the settings of a process. Every fault is a line; with one, nothing starts. */
export function readAppSettings<S extends SettingsSchema>(schema: S, args: readonly string[]): BoundSettings<S> {
  return sound(readSettings(schema, { args }));
}

/** The same with those of a config server, where one is configured or given. */
export async function readRemoteSettings<S extends SettingsSchema>(
  schema: S,
  request: Omit<RemoteRequest, 'fetchEnvironment'>,
): Promise<RemoteSettings<S>> {
  return sound(await readSettingsWithRemote(schema, { ...request, fetchEnvironment }));
}

/** The journal of this process, as it was told to write it. */
export function openAppJournal(values: LogSettings): ProcessJournal {
  return new ProcessJournal({ format: values.logFormat, level: values.logLevel });
}

/** Says in which state the settings of a config server are used, when it is not the newest. */
export function recordRemote(journal: Journal, part: string, remote: RemoteState | undefined): void {
  if (remote?.problem === undefined) return;
  const { state, problem } = remote;
  const url = shownUrl(remote.url);
  const used = { live: 'are used', 'last-good': 'are used as they were last', none: 'are not used' }[state];
  const message = `settings of the config server ${url} ${used}: ${problem}`;
  journal.record({ level: 'warn', part, event: 'remote-settings', message, details: { url, state } });
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
