import { CardeaError, type SourceLocation } from '#kernel';
import type { ConfigCommit } from '../config-source.ts';
import { BackendGroup } from './backend-group.ts';
import type { EnvironmentBackend, FoundResource } from './environment-backend.ts';
import type { AssembledEnvironment } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { splitList } from '../value/comma-list.ts';
import { matchesWildcard } from './wildcard.ts';

export interface PatternedBackend {
  /** `application/profiles` with `*`; without a slash any profile is meant. */
  readonly patterns: readonly string[];
  readonly backend: EnvironmentBackend;
}

/** Chooses among repositories by application and profiles; one that fails to answer leaves it to the next, last the default. */
export class PatternBackend extends BackendGroup {
  readonly #choices: readonly PatternedBackend[];
  readonly #fallback: EnvironmentBackend;

  constructor(choices: readonly PatternedBackend[], fallback: EnvironmentBackend) {
    super([...choices.map(({ backend }) => backend), fallback]);
    this.#choices = choices;
    this.#fallback = fallback;
  }

  environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    return this.#first(request, (backend) => backend.environment(request));
  }

  resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined> {
    return this.#first(request, (backend) => backend.resource(request, path));
  }

  history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]> {
    return this.#first(request, (backend) => backend.history(request, limit));
  }

  lineChange(request: EnvironmentRequest, location: SourceLocation): Promise<ConfigCommit | undefined> {
    return this.#first(request, (backend) => backend.lineChange(request, location));
  }

  async #first<T>(request: EnvironmentRequest, ask: (backend: EnvironmentBackend) => Promise<T>): Promise<T> {
    for (const { backend, patterns } of this.#choices) {
      if (!matchesPatterns(patterns, request)) continue;
      try {
        return await ask(backend);
      } catch (error) {
        // Spring's rule: an unknown label or an unreachable repository falls through to the next.
        if (!(error instanceof CardeaError)) throw error;
      }
    }
    return ask(this.#fallback);
  }
}

/** Spring's two tests: some single profile must match, and so must all of them as they are written. */
export function matchesPatterns(patterns: readonly string[], { application, profiles }: EnvironmentRequest): boolean {
  const expanded = patterns.flatMap((pattern) => {
    const full = pattern.includes('/') ? pattern : `${pattern}/*`;
    return full.endsWith('*') ? [full] : [full, `${full},*`];
  });
  const matches = (text: string): boolean =>
    expanded.some((pattern) => matchesWildcard(pattern.replaceAll(/\*+/g, '**'), text));
  return (
    splitList(profiles).some((profile) => matches(`${application}/${profile}`)) && matches(`${application}/${profiles}`)
  );
}
