import { CardeaError } from '#kernel';
import { ProcessJournal, recordOpenListeners } from '#telemetry';
import { startGateway } from './gateway.app.ts';
import { readGatewaySettings } from './settings-table.ts';

try {
  const { settings, remote, log } = await readGatewaySettings(process.argv.slice(2));
  const journal = new ProcessJournal(log);
  const app = await startGateway(settings, { journal, ...(remote && { settingsSource: remote }) });
  recordOpenListeners(journal, app.name, app.listeners);
  for (const { name, url } of app.listeners) process.stdout.write(`${name} listens on ${url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.drain(settings.drainTimeoutMs).then(() => app.close()));
  }
} catch (error) {
  if (!(error instanceof CardeaError)) throw error;
  process.stderr.write(`cardea: ${error.message}; ${error.remedy ?? 'see the log'}\n`);
  process.exitCode = 1;
}
