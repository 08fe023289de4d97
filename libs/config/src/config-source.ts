/** One file of a state. Its content never changes: an edited file is another `ConfigFile` with another id. */
export interface ConfigFile {
  /** Path below the root of the source, separated by `/`. */
  readonly path: string;
  /** Key of the content: equal ids mean equal bytes (blob id or content hash). */
  readonly id: string;
  /** Epoch ms, where it is not the time of the tree's commit. */
  readonly modifiedAt?: number;
  read(): Promise<Buffer>;
}

/** All files of one label at one moment. */
export interface ConfigTree {
  /** Commit SHA, with uncommitted edits `<sha>+<hash>`; undefined for plain folders. */
  readonly version: string | undefined;
  /** As configured, without a trailing slash and without credentials. */
  readonly uri: string;
  /** Folder that the paths are below: where an operator finds the file named by a problem. */
  readonly workdir: string;
  /** Epoch ms of the commit; undefined for plain folders. */
  readonly committedAt?: number | undefined;
  /** By path. Symbolic links, submodules and `.git` are never among them. */
  readonly files: ReadonlyMap<string, ConfigFile>;
}

export interface SourceStatus {
  readonly uri: string;
  /** Version of the default label that was resolved last. */
  readonly version: string | undefined;
  /** Time since the source was last known to be current; undefined when it never was. */
  readonly ageMs: number | undefined;
  /** Why it may be stale. Never holds credentials. */
  readonly error: string | undefined;
}

/** A change of configuration, as its author described it. */
export interface ConfigCommit {
  readonly id: string;
  readonly author: string;
  /** Epoch ms. */
  readonly at: number;
  /** First line. */
  readonly message: string;
}

/** Where configuration comes from. States of two labels are independent and may be read at the same time. */
export interface ConfigSource {
  /** Undefined means the default label. Throws `CardeaError` with code `unknown-label`. */
  resolve(label: string | undefined): Promise<ConfigTree>;
  /** Calls back after every noticed change (commit, edit, fetch); the returned function ends that. */
  watch(onChange: () => void): () => void;
  /** Looks now, a remote included. Never throws: `status` says how it went. */
  refresh(): Promise<void>;
  /** Commits up to a version that touched any of the files, newest first. Absent where there is no history. */
  history?(version: string, paths: readonly string[], limit: number): Promise<readonly ConfigCommit[]>;
  /** The commit that a line had its text from. */
  lineChange?(version: string, path: string, line: number): Promise<ConfigCommit>;
  status(): SourceStatus;
  close(): Promise<void>;
}
