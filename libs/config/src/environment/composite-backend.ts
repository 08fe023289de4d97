import type { SourceLocation } from '#kernel';
import type { ConfigCommit } from '../config-source.ts';
import { BackendGroup } from './backend-group.ts';
import type { EnvironmentBackend, FoundResource } from './environment-backend.ts';
import type { AssembledEnvironment } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';

/** Several backends as one, the first the strongest. What one of them refuses, all refuse. */
export class CompositeBackend extends BackendGroup {
  readonly #backends: readonly EnvironmentBackend[];

  constructor(backends: readonly EnvironmentBackend[]) {
    super(backends);
    this.#backends = backends;
  }

  async environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    const answers = await Promise.all(this.#backends.map((backend) => backend.environment(request)));
    return {
      environment: {
        name: request.application,
        profiles: [request.profiles],
        label: request.label ?? null,
        version: null,
        state: null,
        propertySources: answers.flatMap(({ environment }) => environment.propertySources),
      },
      problems: answers.flatMap(({ problems }) => problems),
      refused: answers.flatMap(({ refused }) => refused),
    };
  }

  async resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined> {
    for (const backend of this.#backends) {
      const found = await backend.resource(request, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]> {
    const all = await Promise.all(this.#backends.map((backend) => backend.history(request, limit)));
    return all
      .flat()
      .sort((a, b) => b.at - a.at)
      .slice(0, limit);
  }

  async lineChange(request: EnvironmentRequest, location: SourceLocation): Promise<ConfigCommit | undefined> {
    for (const backend of this.#backends) {
      const commit = await backend.lineChange(request, location);
      if (commit !== undefined) return commit;
    }
    return undefined;
  }
}
