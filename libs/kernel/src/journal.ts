import { formatProblem, type Problem } from './problem.ts';

/** `warn`: something is not as meant, and served nevertheless. `error`: something is not served. */
export type JournalLevel = 'debug' | 'info' | 'warn' | 'error';

/** A change of state of a running process, for those who run it. Never one per request, never a secret. */
export interface JournalEntry {
  readonly level: JournalLevel;
  /** The app that tells: `gateway`, `registry`, `config-server`. */
  readonly part: string;
  /** Stable, kebab-case: `registry-lost`. Machines match on it. */
  readonly event: string;
  /** For people, one sentence. */
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Problems of one part that are remembered as told; with more, some may be told again. */
const MAX_REMEMBERED = 10_000;

/** Takes what changes in a process. Writing it down is the business of `sink`, which must not block. */
export class Journal {
  readonly #sink: (entry: JournalEntry) => void;
  /** What each part holds to be wrong now, as it was told. */
  readonly #problems = new Map<string, ReadonlySet<string>>();

  constructor(sink: (entry: JournalEntry) => void) {
    this.#sink = sink;
  }

  record(entry: JournalEntry): void {
    this.#sink(entry);
  }

  /**
   * All that is wrong now, as one part sees it. Told is what no part of the process has told of yet: where a gateway and its
   * config server share one, a broken file is told once. `topic` keeps what a part sees in different places apart.
   */
  problems(part: string, problems: readonly Problem[], topic = ''): void {
    const told = new Set([...this.#problems.values()].flatMap((lines) => [...lines]));
    const now = new Set<string>();
    for (const problem of problems.slice(0, MAX_REMEMBERED)) {
      const line = formatProblem(problem);
      now.add(line);
      if (told.has(line)) continue;
      told.add(line);
      this.record({
        level: problem.severity === 'error' ? 'error' : 'warn',
        part,
        event: 'problem',
        message: line,
        details: {
          code: problem.code,
          ...(problem.subject !== undefined && { subject: problem.subject }),
          ...(problem.location && { file: problem.location.file }),
          ...(problem.location?.line !== undefined && { line: problem.location.line }),
          ...(problem.location?.column !== undefined && { column: problem.location.column }),
        },
      });
    }
    this.#problems.set(`${part} ${topic}`, now);
  }
}

/** For those who do not want to know. */
export const silentJournal = new Journal(() => undefined);
