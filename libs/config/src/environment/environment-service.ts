import { CardeaError, type SourceLocation } from '#kernel';
import type { ConfigCommit } from '../config-source.ts';
import type { Property } from '../property-source.ts';
import type { BackendState, EnvironmentBackend, FoundResource } from './environment-backend.ts';
import type { AssembledEnvironment, Environment } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';

export interface EnvironmentServiceOptions {
  /** Stronger than everything that the backend has. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** False refuses applications for which nothing is found. Default true. */
  readonly acceptEmpty?: boolean;
}

/** What a config server serves: a backend's environments under the rules that hold for all of them. */
export class EnvironmentService implements EnvironmentBackend {
  readonly #backend: EnvironmentBackend;
  readonly #overrides: ReadonlyMap<string, Property>;
  readonly #acceptEmpty: boolean;
  /** Equal answers are the same object, which is what those who keep texts of it go by. */
  readonly #overridden = new WeakMap<Environment, Environment>();

  constructor(backend: EnvironmentBackend, { overrides = {}, acceptEmpty = true }: EnvironmentServiceOptions = {}) {
    this.#backend = backend;
    this.#overrides = overridesOf(overrides);
    this.#acceptEmpty = acceptEmpty;
  }

  async environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    const assembled = await this.#backend.environment(request);
    const { propertySources } = assembled.environment;
    if (!this.#acceptEmpty && propertySources.length === 0) {
      throw new CardeaError('unknown-application', `there is nothing for ${request.application}/${request.profiles}`, {
        source: 'downstream',
        remedy: `add ${request.application}.yml or application.yml, or set spring.cloud.config.server.accept-empty=true`,
      });
    }
    if (this.#overrides.size === 0) return assembled;
    const known = this.#overridden.get(assembled.environment);
    const overrides = { name: 'overrides', properties: this.#overrides };
    const environment = known ?? { ...assembled.environment, propertySources: [overrides, ...propertySources] };
    this.#overridden.set(assembled.environment, environment);
    return { ...assembled, environment };
  }

  resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined> {
    return this.#backend.resource(request, path);
  }

  history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]> {
    return this.#backend.history(request, limit);
  }

  lineChange(request: EnvironmentRequest, location: SourceLocation): Promise<ConfigCommit | undefined> {
    return this.#backend.lineChange(request, location);
  }

  states(): readonly BackendState[] {
    return this.#backend.states();
  }

  onChange(listener: () => void): () => void {
    return this.#backend.onChange(listener);
  }

  refresh(): Promise<void> {
    return this.#backend.refresh();
  }

  close(): Promise<void> {
    return this.#backend.close();
  }
}

function overridesOf(overrides: Readonly<Record<string, string>>): ReadonlyMap<string, Property> {
  const unescaped = (text: string): string => text.replaceAll('\\${', '${').replaceAll('\\{', '{');
  const origin = { file: 'Config server overrides' };
  return new Map(Object.entries(overrides).map(([key, value]) => [key, { value: unescaped(value), origin }]));
}
