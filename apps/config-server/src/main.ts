import { CardeaError } from '#kernel';
import { CONFIG_SERVER_SETTINGS, openPorts, port, PROCESS_SETTINGS, readSettings, requireSound, text } from '#settings';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startConfigServer } from './config-server.app.ts';
import { toConfigServerSettings } from './config-server-settings.ts';

/** How long streams and requests under way may take to end, ms. */
const DRAIN_MS = 10_000;

/** Alone, a config server listens on `server.port`, as Spring's does. */
const ALONE = {
  ...PROCESS_SETTINGS,
  ...CONFIG_SERVER_SETTINGS,
  configServerPort: port('server.port', 8888, 'port of the config server', { aliases: ['cardea.config-server.port'] }),
  configServerAddress: text('server.address', '127.0.0.1', 'address that the config server listens on', {
    aliases: ['cardea.config-server.address'],
  }),
} as const;

try {
  const { values } = requireSound(readSettings(ALONE, { args: process.argv.slice(2) }));
  requireSound({ problems: openPorts(values.insecure, { 'server.address': values.configServerAddress }) });
  const journal = new ProcessJournal({ format: values.logFormat, level: values.logLevel });
  const app = await startConfigServer(toConfigServerSettings(values, values.dataDir), { journal });
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
