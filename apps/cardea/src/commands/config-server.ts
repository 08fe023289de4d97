import type { Command } from 'commander';
import { CONFIG_SERVER_ALONE, toConfigServerSettings } from '../../../config-server/src/config-server-settings.ts';
import { startConfigServer } from '../../../config-server/src/config-server.app.ts';
import { openAppJournal, readAppSettings, refuseOpenPorts } from '../app-settings.ts';
import { serve } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command, CONFIG_SERVER_ALONE).action(async () => {
    const { values } = readAppSettings(CONFIG_SERVER_ALONE, command.args);
    refuseOpenPorts(values.insecure, { 'server.address': values.configServerAddress });
    const journal = openAppJournal(values);
    const server = await startConfigServer(toConfigServerSettings(values, values.dataDir), { journal });
    await serve([server], values.drainTimeoutMs, terminal, journal);
  });
}
