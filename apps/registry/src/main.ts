import { runAlone } from '#kernel';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startRegistry } from './registry.app.ts';
import { readRegistrySettings } from './settings-table.ts';

await runAlone(async () => {
  const { settings, log, drainMs } = await readRegistrySettings(process.argv.slice(2));
  const journal = new ProcessJournal(log);
  const app = await startRegistry(settings, { journal });
  recordOpenListeners(journal, app.name, app.listeners);
  return { app, drainMs };
});
