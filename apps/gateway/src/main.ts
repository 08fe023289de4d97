import { runAlone } from '#kernel';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startGateway } from './gateway.app.ts';
import { readGatewaySettings } from './settings-table.ts';

await runAlone(async () => {
  const { settings, remote, log } = await readGatewaySettings(process.argv.slice(2));
  const journal = new ProcessJournal(log);
  const app = await startGateway(settings, { journal, ...(remote && { settingsSource: remote }) });
  recordOpenListeners(journal, app.name, app.listeners);
  return { app, drainMs: settings.drainTimeoutMs };
});
