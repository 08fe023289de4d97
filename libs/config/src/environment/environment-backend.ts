import type { Problem, SourceLocation } from '#kernel';
import type { ConfigCommit, ConfigFile, SourceStatus } from '../config-source.ts';
import type { AssembledEnvironment } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import type { ServedTree } from './served-state.ts';

/** A text that a client asked for by its path. */
export interface FoundResource {
  readonly file: ConfigFile;
  /** Epoch ms; undefined where the source has no time for it. */
  readonly modifiedAt: number | undefined;
}

/** One source, with what is served of each label that somebody asked for. */
export interface BackendState {
  readonly source: SourceStatus;
  readonly labels: ReadonlyMap<string | undefined, ServedTree>;
}

/** Answers for applications: from one source, or from several behind one face. */
export interface EnvironmentBackend {
  /** Throws `CardeaError` with code `unknown-label`. */
  environment(request: EnvironmentRequest): Promise<AssembledEnvironment>;
  resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined>;
  /** Commits that touched what an application reads, newest first; empty where there is no history. */
  history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]>;
  /** The commit that put a value where it stands; undefined for edits that are not committed, and without history. */
  lineChange(request: EnvironmentRequest, location: SourceLocation): Promise<ConfigCommit | undefined>;
  states(): readonly BackendState[];
  /** Calls back after every noticed change, whether served or refused; the returned function ends that. */
  onChange(listener: () => void): () => void;
  /** Looks at every source now, its remote included, and returns when what was found is served or refused. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Why a source does not serve its newest state, then what is wrong with the state it serves. */
export function problemsOf({ loaded, refused }: ServedTree): readonly Problem[] {
  return [...refused, ...loaded.problems];
}
