import {
  type BackendState,
  type ConfigCommit,
  diffEnvironments,
  type EnvironmentBackend,
  type EnvironmentRequest,
  explainFrom,
  type KeyChange,
  type KeyExplanation,
  problemsOf,
} from '#config';
import { formatProblem, type Problem } from '#kernel';

export interface SourceView {
  readonly uri: string;
  readonly version: string | undefined;
  /** Time since the source was last known to be current; undefined when it never was. */
  readonly ageMs: number | undefined;
  /** Why it may be stale. */
  readonly error: string | undefined;
  readonly labels: readonly { readonly label: string | null; readonly version: string | null }[];
}

export interface ConfigStatus extends SourceView {
  /** `last-good`: something newer exists and is refused. */
  readonly state: 'live' | 'last-good';
  readonly problems: readonly Problem[];
  /** All of them, when there are several; the fields above are those of the first. */
  readonly sources: readonly SourceView[];
}

/** `degraded`: answers are given, but not from the newest state, or not from all files, or nobody knows whether they are current. */
export interface ConfigHealth {
  readonly status: 'UP' | 'DOWN';
  readonly components: { readonly configServer: { readonly status: 'UP' | 'DOWN'; readonly details: object } };
}

export interface ConfigDiff {
  readonly from: string | null;
  readonly to: string | null;
  readonly changes: readonly KeyChange[];
}

/** Application that health asks for, as Spring's server does. */
const PROBE: EnvironmentRequest = { application: 'app', profiles: 'default', label: undefined };

/** What is served, and why. */
export class ConfigApi {
  readonly #environments: EnvironmentBackend;

  constructor(environments: EnvironmentBackend) {
    this.#environments = environments;
  }

  status(): ConfigStatus {
    const states = this.#environments.states();
    const served = states.flatMap(({ labels }) => [...labels.values()]);
    const sources = states.map(viewOf);
    const first = sources[0] ?? { uri: '', version: undefined, ageMs: undefined, error: undefined, labels: [] };
    return {
      ...first,
      state: served.some(({ refused }) => refused.length > 0) ? 'last-good' : 'live',
      problems: served.flatMap(problemsOf),
      sources,
    };
  }

  /** DOWN only when there is nothing to serve. */
  async health(): Promise<ConfigHealth> {
    const { uri, version, state, ageMs, error, problems } = this.status();
    const quality = problems.length > 0 || error !== undefined ? 'degraded' : 'good';
    const details = { quality, state, uri, version, ageMs, error, problems: problems.map(formatProblem) };
    try {
      const { environment } = await this.#environments.environment(PROBE);
      const { name, label, profiles, propertySources } = environment;
      const sources = propertySources.map((source) => source.name).filter((source) => source !== 'overrides');
      return healthOf('UP', { repositories: [{ sources, name, profiles, label }], ...details });
    } catch (fault) {
      const repository = { application: PROBE.application, profiles: PROBE.profiles };
      return healthOf('DOWN', {
        ...details,
        repository,
        error: fault instanceof Error ? fault.message : String(fault),
      });
    }
  }

  explain(request: EnvironmentRequest, key: string): Promise<KeyExplanation> {
    return explainFrom(this.#environments, request, key);
  }

  history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]> {
    return this.#environments.history(request, limit);
  }

  /** What changes for an application from one label to another. */
  async diff({ application, profiles }: EnvironmentRequest, from: string, to: string | undefined): Promise<ConfigDiff> {
    const [before, after] = await Promise.all(
      [from, to].map((label) => this.#environments.environment({ application, profiles, label })),
    );
    if (before === undefined || after === undefined) throw new TypeError('two labels have two environments');
    return {
      from: before.environment.version,
      to: after.environment.version,
      changes: diffEnvironments(before.environment, after.environment),
    };
  }

  /** Fetches and reads again now, in place of waiting for the source to notice. */
  async refresh(): Promise<ConfigStatus> {
    await this.#environments.refresh();
    return this.status();
  }
}

function healthOf(status: 'UP' | 'DOWN', details: object): ConfigHealth {
  return { status, components: { configServer: { status, details } } };
}

function viewOf({ source, labels }: BackendState): SourceView {
  return {
    uri: source.uri,
    version: labels.get(undefined)?.loaded.tree.version ?? source.version,
    ageMs: source.ageMs,
    error: source.error,
    labels: [...labels].map(([label, { loaded }]) => ({ label: label ?? null, version: loaded.tree.version ?? null })),
  };
}
