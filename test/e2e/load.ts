import { Agent, request } from 'node:http';
import { atEnd } from './child.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request; rejects when no complete answer comes. */
export function ask(url: string, options: { method?: string; agent?: Agent } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: options.method ?? 'GET', agent: options.agent ?? false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on('error', reject);
    });
    sent.setTimeout(15_000, () => sent.destroy(new Error(`no answer within 15 s: ${url}`)));
    sent.on('error', reject);
    sent.end();
  });
}

/** Several clients over kept-alive connections, each asking again as soon as it has its answer, until told to stop. */
export class ConstantLoad {
  readonly failures: string[] = [];
  succeeded = 0;
  /** By the pid that answered: when it did so last, by `Date.now`. */
  readonly lastAnswerBy = new Map<number, number>();
  #stopping = false;
  #next = 0;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #clients: Promise<void>[];

  constructor(urlOf: (id: number) => string, clients: number, pauseMs = 2) {
    atEnd(() => (this.#stopping = true));
    this.#clients = Array.from({ length: clients }, () => this.#client(urlOf, pauseMs));
  }

  /** Waits until that many more requests have succeeded. */
  async more(count: number): Promise<void> {
    const goal = this.succeeded + count;
    const deadline = Date.now() + 30_000;
    while (this.succeeded < goal) {
      if (Date.now() > deadline) throw new Error(`the load stands still: ${this.failures.slice(-3).join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  async #client(urlOf: (id: number) => string, pauseMs: number): Promise<void> {
    while (!this.#stopping) {
      const id = this.#next++;
      try {
        const answer = await ask(urlOf(id), { agent: this.#agent });
        const said: { pid?: number; id?: string } = answer.status === 200 ? JSON.parse(answer.body) : {};
        if (said.pid !== undefined && said.id === String(id)) {
          this.succeeded += 1;
          this.lastAnswerBy.set(said.pid, Date.now());
        } else {
          this.failures.push(`request ${id}: ${answer.status} ${answer.body.slice(0, 200)}`);
        }
      } catch (error) {
        this.failures.push(`request ${id}: ${String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
