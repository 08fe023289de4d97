import { type BackendState, type ConfigCommit, type EnvironmentBackend, problemsOf, type ServedTree } from '#config';
import { type CancelTimer, type Clock, type Journal, LinkJournal } from '#kernel';

const PART = 'config-server';
/** How often it is looked whether sources are reached: they do not call back when they are not. */
const LOOK_MS = 2_000;

/** Tells which states are refused and good again, and which sources cannot be reached. */
export class ConfigJournal {
  readonly #environments: EnvironmentBackend;
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** By source and label: what is refused, as it was told. */
  readonly #refused = new Map<string, string>();
  readonly #links = new Map<string, LinkJournal>();
  readonly #stop: () => void;
  #cancel: CancelTimer | undefined;

  constructor(environments: EnvironmentBackend, journal: Journal, clock: Clock) {
    this.#environments = environments;
    this.#journal = journal;
    this.#clock = clock;
    this.#stop = environments.onChange(() => this.#look());
    this.#plan();
  }

  close(): void {
    this.#cancel?.();
    this.#stop();
  }

  #plan(): void {
    this.#look();
    this.#cancel = this.#clock.schedule(LOOK_MS, () => this.#plan());
  }

  #look(): void {
    const states = this.#environments.states();
    for (const { source, labels } of states) {
      const link = this.#links.get(source.uri) ?? this.#linkOf(source);
      if (source.error === undefined) link.up();
      else link.down(source.error);
      for (const [label, served] of labels) this.#judge(source.uri, label, served);
    }
    const served = states.flatMap(({ labels }) => [...labels.values()]);
    this.#journal.problems(PART, served.flatMap(problemsOf));
  }

  #linkOf({ uri }: BackendState['source']): LinkJournal {
    const link = new LinkJournal(this.#journal, this.#clock, {
      part: PART,
      name: 'source',
      subject: uri,
      consequence: () => 'what was read of it before is served',
    });
    this.#links.set(uri, link);
    return link;
  }

  #judge(uri: string, label: string | undefined, { loaded, refused, refusedCommit }: ServedTree): void {
    const key = `${uri} ${label ?? ''}`;
    const now = refused.length === 0 ? undefined : JSON.stringify([refused, refusedCommit?.id]);
    if (this.#refused.get(key) === now) return;
    const where = label === undefined ? uri : `${uri} at ${label}`;
    const served = nameOf(loaded.tree.version);
    if (now === undefined) {
      this.#refused.delete(key);
      const message = `${where} is good again: ${served} is served`;
      this.#journal.record({ level: 'info', part: PART, event: 'commit-good-again', message });
      return;
    }
    this.#refused.set(key, now);
    const count = `${refused.length} ${refused.length === 1 ? 'problem' : 'problems'}`;
    const message = `${where}: ${commitName(refusedCommit)} is refused (${count}); ${served} is served on`;
    const details = refusedCommit && { commit: refusedCommit.id, author: refusedCommit.author };
    const level = 'error';
    this.#journal.record({ level, part: PART, event: 'commit-refused', message, ...(details && { details }) });
  }
}

function nameOf(version: string | undefined): string {
  if (version === undefined) return 'the state before';
  const [sha = '', edit] = version.split('+');
  return edit === undefined ? sha.slice(0, 8) : `${sha.slice(0, 8)} with edits that are not committed`;
}

function commitName(commit: ConfigCommit | undefined): string {
  return commit === undefined ? 'the newest edit' : `commit ${commit.id.slice(0, 8)} by ${commit.author}`;
}
