import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { CardeaError } from '#kernel';
import { gitProcess } from './git-command.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: string;
  readonly data: Buffer;
}

interface Waiting {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

/** How often a question is put to a new process after the one before it died. */
const ATTEMPTS = 3;
const LF = 10;

/** Reads objects through one long-lived `git cat-file --batch`, which is started again when it dies. */
export class ObjectReader {
  readonly #gitDir: string;
  #process: ChildProcessWithoutNullStreams | undefined;
  #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes needed before parsing makes sense again: saves joining the chunks of a large object over and over. */
  #needed = 0;
  #closed = false;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** Process id of the running git, for those who watch over resources. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The object that a name (id, or an expression like `refs/heads/main^{commit}`) means; undefined when none. */
  read(name: string): Promise<GitObject | undefined> {
    if (name.includes('\n')) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#ask({ name, resolve, reject, attempts: 0 });
    });
  }

  /** Ends the process; the next read starts another, which sees the repository afresh. */
  restart(): void {
    const old = this.#process;
    if (old) this.#ended(old);
    old?.kill();
  }

  close(): void {
    this.#closed = true;
    this.restart();
  }

  #ask(question: Waiting): void {
    if (this.#closed || question.attempts >= ATTEMPTS) {
      const why = this.#closed ? 'the source is closed' : 'git cat-file keeps ending';
      question.reject(new CardeaError('git-failed', why, { source: 'internal' }));
      return;
    }
    question.attempts += 1;
    this.#waiting.push(question);
    const running = (this.#process ??= this.#start());
    running.stdin.write(`${question.name}\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = gitProcess(['--git-dir', this.#gitDir, 'cat-file', '--batch']);
    child.stdout.on('data', (chunk: Buffer) => {
      if (child === this.#process) this.#receive(chunk);
    });
    child.stderr.resume();
    // A pipe that breaks is told by `close` as well.
    child.stdin.on('error', () => undefined);
    child.on('error', () => this.#ended(child));
    child.on('close', () => this.#ended(child));
    return child;
  }

  #ended(child: ChildProcessWithoutNullStreams): void {
    if (child !== this.#process) return;
    this.#process = undefined;
    this.#chunks = [];
    this.#length = this.#needed = 0;
    const unanswered = this.#waiting;
    this.#waiting = [];
    for (const question of unanswered) this.#ask(question);
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    let buffer = Buffer.concat(this.#chunks);
    for (;;) {
      const taken = this.#take(buffer);
      if (taken === 0) break;
      buffer = buffer.subarray(taken);
    }
    this.#chunks = buffer.length === 0 ? [] : [buffer];
    this.#length = buffer.length;
  }

  /** Answers the oldest question from the buffer: `<oid> <type> <size>LF<data>LF` or `<name> missing LF`. */
  #take(buffer: Buffer): number {
    this.#needed = 0;
    const lineEnd = buffer.indexOf(LF);
    if (lineEnd < 0) return 0;
    const header = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(buffer.toString('utf8', 0, lineEnd));
    if (!header) {
      this.#waiting.shift()?.resolve(undefined);
      return lineEnd + 1;
    }
    const end = lineEnd + 1 + Number(header[3]);
    if (buffer.length < end + 1) {
      this.#needed = end + 1;
      return 0;
    }
    const data = Buffer.from(buffer.subarray(lineEnd + 1, end));
    this.#waiting.shift()?.resolve({ oid: header[1] ?? '', type: header[2] ?? '', data });
    return end + 1;
  }
}
