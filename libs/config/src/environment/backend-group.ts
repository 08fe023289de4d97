import type { SourceLocation } from '#kernel';
import type { ConfigCommit } from '../config-source.ts';
import type { BackendState, EnvironmentBackend, FoundResource } from './environment-backend.ts';
import type { AssembledEnvironment } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';

/** Backends that live and change together. */
export abstract class BackendGroup implements EnvironmentBackend {
  readonly #members: readonly EnvironmentBackend[];

  constructor(members: readonly EnvironmentBackend[]) {
    this.#members = members;
  }

  abstract environment(request: EnvironmentRequest): Promise<AssembledEnvironment>;
  abstract history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]>;
  abstract lineChange(request: EnvironmentRequest, location: SourceLocation): Promise<ConfigCommit | undefined>;
  abstract resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined>;

  states(): readonly BackendState[] {
    return this.#members.flatMap((member) => member.states());
  }

  onChange(listener: () => void): () => void {
    const ends = this.#members.map((member) => member.onChange(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.refresh()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
  }
}
