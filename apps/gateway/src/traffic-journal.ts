import type { Journal, Problem } from '#kernel';
import type { TrafficConfig } from '#traffic';
import type { ConfigurationState } from './configuration-state.ts';

const PART = 'gateway';

/** Tells what becomes of configurations: taken, refused, good again, or the last good one from disk. */
export class TrafficJournal {
  readonly #journal: Journal;
  #commit = '';
  /** Nothing was told yet of what came last. */
  #fresh = false;
  /** What is wrong with the state that something newer is refused for. */
  #refusal = '';

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** A configuration comes: what becomes of it is told with the next call. */
  came(): void {
    this.#fresh = true;
  }

  /** `why`: why the last good one is served. */
  applied(traffic: TrafficConfig, { commit, state, since }: ConfigurationState, why?: string): void {
    const { routes, problems, version } = traffic;
    const counts = `${count(routes.length, 'route')}, ${count(problems.length, 'problem')}`;
    const details = { commit, version, routes: routes.length, problems: problems.length };
    if (state === 'last-good') {
      const at = new Date(since).toISOString();
      const when = commit === '' ? at : `${nameOf(commit, '')} of ${at}`;
      const because = why === undefined ? '' : `, because ${why}`;
      const message = `the last good configuration (${when}) is served${because}: ${counts}`;
      this.#journal.record({ level: 'warn', part: PART, event: 'last-good-configuration', message, details });
    } else {
      // Services that come and go make other routes of the same state.
      const level = this.#fresh ? 'info' : 'debug';
      const message = `configuration ${nameOf(commit, 'from files')} is in effect, version ${version}: ${counts}`;
      this.#journal.record({ level, part: PART, event: 'configuration-applied', message, details });
    }
    this.#commit = commit;
    this.#fresh = false;
    this.#refusal = '';
    this.#journal.problems(PART, problems);
  }

  /** Something newer is not in effect; what is, stays. */
  refused(traffic: TrafficConfig | undefined, { commit }: ConfigurationState, refusals: readonly Problem[]): void {
    const refusal = JSON.stringify(refusals);
    if (refusal === this.#refusal) return;
    this.#refusal = refusal;
    const errors = refusals.filter(({ severity }) => severity === 'error').length;
    const stays = traffic === undefined ? 'there is none yet' : `${nameOf(commit, 'the one before')} stays in effect`;
    if (errors > 0) {
      const message = `the newest configuration is not good (${count(refusals.length, 'problem')}): ${stays}`;
      const details = { commit, problems: refusals.length };
      this.#journal.record({ level: 'error', part: PART, event: 'configuration-refused', message, details });
    }
    this.#journal.problems(PART, [...refusals, ...(traffic?.problems ?? [])]);
  }

  /** The newest state says what is in effect already. */
  confirmed(traffic: TrafficConfig, { commit }: ConfigurationState): void {
    const mended = this.#refusal !== '';
    const renamed = this.#commit !== commit;
    if (mended || renamed) {
      const message = mended
        ? `the configuration is good again: ${nameOf(commit, 'it')} says what is in effect`
        : `${nameOf(commit, 'the newest edit')} changes nothing of what is in effect`;
      const event = mended ? 'configuration-good-again' : 'configuration-unchanged';
      const details = { commit, version: traffic.version };
      this.#journal.record({ level: mended ? 'info' : 'debug', part: PART, event, message, details });
    }
    this.#commit = commit;
    this.#fresh = false;
    this.#refusal = '';
    this.#journal.problems(PART, traffic.problems);
  }

  /** The configuration in effect cannot be kept for the next start, or can again. */
  kept(fault: string | undefined): void {
    const message =
      fault === undefined
        ? 'the configuration is kept on disk again'
        : `the configuration cannot be kept on disk: ${fault}; a start without the config server will not have it`;
    const event = fault === undefined ? 'last-good-saved-again' : 'last-good-not-saved';
    this.#journal.record({ level: fault === undefined ? 'info' : 'warn', part: PART, event, message });
  }
}

/** Commits as people know them; edits that are not committed keep their mark. `nameless`: where states have no names. */
function nameOf(commit: string, nameless: string): string {
  if (commit === '') return nameless;
  const [sha = '', edit] = commit.split('+');
  const short = /^[0-9a-f]{40}$/.test(sha) ? sha.slice(0, 8) : sha;
  return edit === undefined ? short : `${short} with edits that are not committed`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
