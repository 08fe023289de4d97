import type { Writable } from 'node:stream';
import {
  type AssembledEnvironment,
  type Environment,
  environmentJson,
  type EnvironmentBackend,
  type EnvironmentRequest,
} from '#config';
import { COMMENT, COMMENT_EVERY_MS, formatEvent } from '#event-stream';
import type { CancelTimer, Clock, Problem } from '#kernel';

/** A client that leaves more than this unread is cut off. */
const MAX_UNREAD_BYTES = 8 * 1_024 * 1_024;

/** Pushes environments to those who follow them: at once, and whenever something in them changes. */
export class EnvironmentStream {
  readonly #environments: EnvironmentBackend;
  readonly #clock: Clock;
  readonly #outputs = new Set<Writable>();
  #cancelComment: CancelTimer | undefined;

  constructor(environments: EnvironmentBackend, clock: Clock) {
    this.#environments = environments;
    this.#clock = clock;
    this.#comment();
  }

  /** Throws for a label that the source does not have; what is returned writes to an output until it closes. */
  async open(request: EnvironmentRequest): Promise<(output: Writable) => void> {
    const first = await this.#environments.environment(request);
    return (output) => {
      const teller = new Teller(output);
      let work = Promise.resolve();
      const update = (): void => {
        // What was told stays in use where there is no answer: the next change brings one.
        const ask = async (): Promise<void> => teller.tell(await this.#environments.environment(request));
        work = work.then(ask).catch(() => undefined);
      };
      const stop = this.#environments.onChange(update);
      output.on('close', () => {
        stop();
        this.#outputs.delete(output);
      });
      output.on('error', () => undefined);
      this.#outputs.add(output);
      teller.tell(first);
      // A change between the question and the subscription.
      update();
    };
  }

  /** Ends all streams: clients connect again elsewhere or later. */
  close(): void {
    this.#cancelComment?.();
    for (const output of this.#outputs) output.end();
  }

  #comment(): void {
    this.#cancelComment = this.#clock.schedule(COMMENT_EVERY_MS, () => {
      for (const output of this.#outputs) output.write(COMMENT);
      this.#comment();
    });
  }
}

/** Many clients may follow one environment. */
const written = new WeakMap<Environment, string>();

function locatedJson(environment: Environment): string {
  const known = written.get(environment) ?? environmentJson(environment, 'located');
  written.set(environment, known);
  return known;
}

/** Remembers what one client was told, to be silent when nothing of it differs. */
class Teller {
  readonly #output: Writable;
  #environment = '';
  #problems = '';

  constructor(output: Writable) {
    this.#output = output;
  }

  tell({ environment, problems, refused }: AssembledEnvironment): void {
    if (this.#output.writableEnded) return;
    // It comes back by itself, and gets the newest state then.
    if (this.#output.writableLength > MAX_UNREAD_BYTES) {
      this.#output.destroy();
      return;
    }
    const text = problemsText([...refused, ...problems]);
    const json = locatedJson(environment);
    const mended = text === '' && this.#problems !== '';
    if (json !== this.#environment || mended) {
      const version = JSON.stringify(environment.version);
      this.#output.write(formatEvent('environment', `{"version":${version},"environment":${json}}`));
    }
    if (text !== '' && text !== this.#problems) this.#output.write(formatEvent('problem', text));
    this.#environment = json;
    this.#problems = text;
  }
}

function problemsText(problems: readonly Problem[]): string {
  return problems.length === 0 ? '' : JSON.stringify({ problems });
}
