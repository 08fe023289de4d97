import { CardeaError } from './cardea-error.ts';
import type { RunningApp } from './running-app.ts';

/** What is used of the process. */
export interface AloneProcess {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
  once(signal: 'SIGINT' | 'SIGTERM', stop: () => void): unknown;
}

export interface AloneApp {
  readonly app: RunningApp;
  /** How long streams and requests under way may take to end, ms. */
  readonly drainMs: number;
}

/** Runs one app as the whole process: prints where it listens, drains it at a signal, says in one line why it cannot start. */
export async function runAlone(start: () => Promise<AloneApp>, host: AloneProcess = process): Promise<void> {
  try {
    const { app, drainMs } = await start();
    for (const { name, url } of app.listeners) host.stdout.write(`${name} listens on ${url}\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      host.once(signal, () => void app.drain(drainMs).then(() => app.close()));
    }
  } catch (error) {
    if (!(error instanceof CardeaError)) throw error;
    host.stderr.write(`cardea: ${error.message}; ${error.remedy ?? 'see the log'}\n`);
    host.exitCode = 1;
  }
}
