import { setTimeout as delay } from 'node:timers/promises';
import type { PropertySource } from '#config';
import { CardeaError, shownUrl } from '#kernel';
import type { SettingDefinition } from './definition.ts';
import { LastGoodSettings } from './last-good-settings.ts';
import { canonicalName } from './relaxed-name.ts';

export interface EnvironmentQuery {
  readonly url: string;
  readonly application: string;
  readonly profiles: readonly string[];
  readonly label: string | undefined;
}

/** Asks a config server once. Rejects when it does not answer or refuses. Sources are strongest first. */
export type FetchEnvironment = (
  query: EnvironmentQuery,
) => Promise<{ readonly version: string; readonly sources: readonly PropertySource[] }>;

/** What a process made of its config server when it started. */
export interface RemoteState {
  readonly url: string;
  /** `last-good`: from disk. `none`: started without. */
  readonly state: 'live' | 'last-good' | 'none';
  readonly version: string;
  /** Why it is not live. */
  readonly problem?: string;
}

interface Bootstrap {
  readonly dataDir: string;
  readonly profiles: readonly string[];
  readonly imports: readonly string[];
  readonly name: string;
  readonly url: string;
  readonly label: string | undefined;
}

interface Waiting {
  readonly fetchEnvironment: FetchEnvironment;
  readonly embedded?: string;
  readonly patienceMs?: number;
}

const PAUSE_MS = 250;
const PATIENCE_MS = 10_000;
const NOTHING = { state: undefined, sources: [] } as const;

/** The sources of the config server that is configured, live or as they were last; none where none is. */
export async function readRemote(
  bootstrap: Bootstrap,
  { fetchEnvironment, embedded, patienceMs = PATIENCE_MS }: Waiting,
  reserved: readonly SettingDefinition<unknown>[],
): Promise<{ readonly state: RemoteState | undefined; readonly sources: readonly PropertySource[] }> {
  const wanted = embedded === undefined ? importedServer(bootstrap) : { url: embedded, optional: true };
  if (wanted === undefined) return NOTHING;
  const { name: application, profiles, label, dataDir } = bootstrap;
  const { url, optional } = wanted;
  const file = new LastGoodSettings(dataDir, [application, ...profiles].join('-'));
  const giveUpAt = performance.now() + (optional ? 0 : patienceMs);
  for (;;) {
    try {
      const { version, sources } = await fetchEnvironment({ url, application, profiles, label });
      const usable = withoutReserved(sources, reserved);
      const problem = await file.save({ version, sources: usable });
      return { state: { url, state: 'live', version, ...(problem && { problem }) }, sources: usable };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const saved = await file.read();
      if (saved !== undefined) {
        return { state: { url, state: 'last-good', version: saved.version, problem }, sources: saved.sources };
      }
      if (optional) return { state: { url, state: 'none', version: '', problem }, sources: [] };
      if (performance.now() >= giveUpAt) throw refusal(url, problem, error);
    }
    await delay(PAUSE_MS);
  }
}

/** `configserver:` of `spring.config.import`; without a URL the one of `spring.cloud.config.uri`. */
function importedServer({ imports, url }: Bootstrap): { readonly url: string; readonly optional: boolean } | undefined {
  for (const entry of imports) {
    const match = /^(optional:)?configserver:(.*)$/.exec(entry);
    if (match) return { url: match[2]?.replace(/\/+$/, '') || url, optional: match[1] !== undefined };
  }
  return undefined;
}

function withoutReserved(
  sources: readonly PropertySource[],
  reserved: readonly SettingDefinition<unknown>[],
): readonly PropertySource[] {
  const names = new Set(reserved.flatMap(({ key, aliases }) => [key, ...aliases].map(canonicalName)));
  return sources.map(({ name, properties }) => ({
    name,
    properties: new Map([...properties].filter(([key]) => !names.has(canonicalName(key.replace(/\[\d+\]$/, ''))))),
  }));
}

function refusal(url: string, problem: string, cause: unknown): CardeaError {
  return new CardeaError('no-config-server', `the config server ${shownUrl(url)} gives no settings: ${problem}`, {
    source: 'upstream',
    retry: 'yes',
    cause,
    remedy: 'start it, or write spring.config.import=optional:configserver:… to start without',
  });
}
