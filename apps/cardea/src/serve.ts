import type { Journal, RunningApp } from '#kernel';
import { recordOpenListeners } from '#telemetry';
import type { Terminal } from './terminal.ts';

/** Prints where the apps listen, waits for a signal, then stops them: the first given drains first. */
export async function serve(
  apps: readonly RunningApp[],
  drainMs: number,
  terminal: Terminal,
  journal: Journal,
  hints: readonly string[] = [],
): Promise<void> {
  releaseStartMemory();
  const listeners = apps.flatMap((app) => app.listeners);
  const width = Math.max(...listeners.map(({ name }) => name.length));
  for (const { name, url } of listeners) terminal.line(`${name.padEnd(width)}  ready on ${url}`);
  for (const hint of hints) terminal.line(hint);
  for (const { name, listeners: own } of apps) recordOpenListeners(journal, name, own);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', () => {
      // Whoever presses Ctrl-C again does not want to wait.
      process.once('SIGINT', () => process.exit(130));
      resolve();
    });
  });
  await stopApps(apps, drainMs);
}

/**
 * What starting has left in the heap, 8 MB, V8 would keep until there is work. Takes about 50 ms, which is why it happens
 * before anybody is told that the process is ready. `bin/cardea` exposes the collector.
 */
function releaseStartMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

export async function stopApps(apps: readonly RunningApp[], drainMs: number): Promise<void> {
  for (const app of apps) {
    await app.drain(drainMs);
    await app.close();
  }
}
