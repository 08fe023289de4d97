import type { ServerResponse } from 'node:http';
import {
  assembleEnvironment,
  type ConfigSource,
  environmentJson,
  type EnvironmentOptions,
  type EnvironmentRequest,
  javaString,
  type ServedState,
  type ServedTree,
} from '#config';
import { formatLocation, formatProblem, type Problem } from '#kernel';

const COMMENT_INTERVAL_MS = 15_000;

export interface ConfigStatus {
  readonly uri: string;
  readonly version: string | undefined;
  /** `last-good`: something newer exists and is refused. */
  readonly state: 'live' | 'last-good';
  readonly ageMs: number | undefined;
  readonly error: string | undefined;
  readonly labels: readonly { readonly label: string | null; readonly version: string | null }[];
  readonly problems: readonly Problem[];
}

/** What is served, why, and its changes as they happen. */
export class ConfigApi {
  readonly #state: ServedState;
  readonly #source: ConfigSource;
  readonly #options: EnvironmentOptions;
  readonly #streams = new Set<ServerResponse>();

  constructor(state: ServedState, source: ConfigSource, options: EnvironmentOptions) {
    this.#state = state;
    this.#source = source;
    this.#options = options;
  }

  status(): ConfigStatus {
    const known = [...this.#state.known()];
    const { uri, version, ageMs, error } = this.#source.status();
    return {
      uri,
      version: this.#state.known().get(undefined)?.loaded.tree.version ?? version,
      state: known.some(([, { refused }]) => refused.length > 0) ? 'last-good' : 'live',
      ageMs,
      error,
      labels: known.map(([label, { loaded }]) => ({ label: label ?? null, version: loaded.tree.version ?? null })),
      problems: known.flatMap(([, served]) => problemsOf(served)),
    };
  }

  async explain(request: EnvironmentRequest, key: string): Promise<object> {
    const { loaded } = await this.#state.current(request.label);
    const { environment } = assembleEnvironment(loaded, request, this.#options);
    const found = environment.propertySources.flatMap(({ name, properties }) => {
      const property = properties.get(key);
      if (property === undefined) return [];
      const location = property.origin === undefined ? null : formatLocation(property.origin);
      return [{ value: javaString(property.value), source: name, location }];
    });
    return { key, version: environment.version, winner: found[0] ?? null, losers: found.slice(1) };
  }

  /** Throws for a label that the source does not have; what is returned writes to a response until it closes. */
  async stream(request: EnvironmentRequest): Promise<(response: ServerResponse) => void> {
    const first = await this.#state.current(request.label);
    return (response) => {
      let told = '';
      let toldProblems = '';
      const tell = (served: ServedTree): void => {
        const { environment } = assembleEnvironment(served.loaded, request, this.#options);
        const problems = problemsOf(served);
        const text = JSON.stringify({ problems });
        const mended = problems.length === 0 && toldProblems !== text && toldProblems !== '';
        const json = environmentJson(environment, 'located');
        if (json !== told || mended) {
          told = json;
          const version = JSON.stringify(environment.version);
          response.write(`event: environment\ndata: {"version":${version},"environment":${json}}\n\n`);
        }
        if (problems.length > 0 && text !== toldProblems) response.write(`event: problem\ndata: ${text}\n\n`);
        toldProblems = text;
      };
      const stop = this.#state.onChange(() => {
        const served = this.#state.known().get(request.label);
        if (served !== undefined) tell(served);
      });
      const comments = setInterval(() => response.write(':\n\n'), COMMENT_INTERVAL_MS);
      response.on('close', () => {
        stop();
        clearInterval(comments);
        this.#streams.delete(response);
      });
      this.#streams.add(response);
      tell(this.#state.known().get(request.label) ?? first);
    };
  }

  /** For health: why not everything is as it should be. */
  complaints(): readonly string[] {
    return this.status().problems.map(formatProblem);
  }

  close(): void {
    for (const response of this.#streams) response.end();
  }
}

function problemsOf({ loaded, refused }: ServedTree): readonly Problem[] {
  return [...refused, ...loaded.problems];
}
