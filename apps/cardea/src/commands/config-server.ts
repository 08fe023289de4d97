import type { Command } from 'commander';
import { CONFIG_SERVER_SETTINGS, port, PROCESS_SETTINGS, text } from '#settings';
import { toConfigServerSettings } from '../../../config-server/src/config-server-settings.ts';
import { startConfigServer } from '../../../config-server/src/config-server.app.ts';
import { openAppJournal, readAppSettings, refuseOpenPorts } from '../app-settings.ts';
import { serve } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';

const { configServerPort, configServerAddress } = CONFIG_SERVER_SETTINGS;

/** Alone, a config server listens on `server.port`, as Spring's does. */
const SCHEMA = {
  ...PROCESS_SETTINGS,
  ...CONFIG_SERVER_SETTINGS,
  configServerPort: port('server.port', configServerPort.fallback, configServerPort.doc, {
    aliases: [configServerPort.key],
  }),
  configServerAddress: text('server.address', '127.0.0.1', configServerAddress.doc, {
    aliases: [configServerAddress.key],
  }),
};

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command, SCHEMA).action(async () => {
    const { values } = readAppSettings(SCHEMA, command.args);
    refuseOpenPorts(values.insecure, { 'server.address': values.configServerAddress });
    const journal = openAppJournal(values);
    const server = await startConfigServer(toConfigServerSettings(values, values.dataDir), { journal });
    await serve([server], values.drainTimeoutMs, terminal, journal);
  });
}
