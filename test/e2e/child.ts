import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
/** The pinned runtime. */
export const NODE = join(ROOT, 'node_modules/node/bin/node');

const running = new Set<Child>();
const endings = new Set<() => void>();

/** Called once by the next `destroyAll`: what a test that failed half-way has left going. */
export function atEnd(ending: () => void): void {
  endings.add(ending);
}

/** A real process, in a group of its own so that its children end with it. */
export class Child {
  readonly process: ChildProcess;
  /** What it printed so far, both streams. */
  output = '';
  readonly exited: Promise<number | null>;
  #listeners = new Set<() => void>();

  constructor(command: string, parameters: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.process = spawn(command, parameters, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(this);
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
        for (const notify of this.#listeners) notify();
      });
    }
    this.exited = once(this.process, 'exit').then(([code]: (number | null)[]) => {
      running.delete(this);
      for (const notify of this.#listeners) notify();
      return code ?? null;
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Waits until the output matches. Fails when the process ends first, or after `timeoutMs`. */
  async printed(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const found = () => pattern.exec(this.output);
    const first = found();
    if (first !== null) return first;
    return new Promise((resolve, reject) => {
      const settle = (why?: string) => {
        const match = found();
        const ended = this.process.exitCode !== null || this.process.signalCode !== null;
        if (match === null && why === undefined && !ended) return;
        this.#listeners.delete(settle);
        clearTimeout(timer);
        if (match === null) reject(new Error(`${why ?? 'ended'} before it printed ${pattern}:\n${this.output}`));
        else resolve(match);
      };
      const timer = setTimeout(() => settle(`${timeoutMs} ms passed`), timeoutMs);
      this.#listeners.add(settle);
    });
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (running.has(this)) this.process.kill(signal);
    return this.exited;
  }

  /** Ends the process and whatever it left in its group. */
  async destroy(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // The group is empty.
    }
    await this.exited;
  }
}

/** For `afterEach`: nothing that a test started outlives it. */
export async function destroyAll(): Promise<void> {
  for (const ending of endings) ending();
  endings.clear();
  await Promise.all([...running].map((child) => child.destroy()));
}

/** Tries until `check` answers something other than undefined and false, or throws what it threw last. */
export async function eventually<T>(check: () => Promise<T | undefined | false>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown = new Error('the condition was never met');
  while (Date.now() < deadline) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not within ${timeoutMs} ms`, { cause: last });
}
