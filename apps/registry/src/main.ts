import { CardeaError } from '#kernel';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startRegistry } from './registry.app.ts';
import { readRegistrySettings } from './settings-table.ts';

/** How long streams and requests under way may take to end, ms. */
const DRAIN_MS = 10_000;

try {
  const { settings, log } = await readRegistrySettings(process.argv.slice(2));
  const journal = new ProcessJournal(log);
  const app = await startRegistry(settings, { journal });
  recordOpenListeners(journal, app.name, app.listeners);
  for (const { name, url } of app.listeners) process.stdout.write(`${name} listens on ${url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.drain(DRAIN_MS).then(() => app.close()));
  }
} catch (error) {
  if (!(error instanceof CardeaError)) throw error;
  process.stderr.write(`cardea: ${error.message}; ${error.remedy ?? 'see the log'}\n`);
  process.exitCode = 1;
}
