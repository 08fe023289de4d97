import { runAlone } from '#kernel';
import { openPorts, readSettings, requireSound } from '#settings';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startConfigServer } from './config-server.app.ts';
import { CONFIG_SERVER_ALONE, toConfigServerSettings } from './config-server-settings.ts';

await runAlone(async () => {
  const { values } = requireSound(readSettings(CONFIG_SERVER_ALONE, { args: process.argv.slice(2) }));
  requireSound({ problems: openPorts(values.insecure, { 'server.address': values.configServerAddress }) });
  const journal = new ProcessJournal({ format: values.logFormat, level: values.logLevel });
  const app = await startConfigServer(toConfigServerSettings(values, values.dataDir), { journal });
  recordOpenListeners(journal, app.name, app.listeners);
  return { app, drainMs: values.drainTimeoutMs };
});
