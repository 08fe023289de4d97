import type { Command } from 'commander';
import { startGateway } from '../../../gateway/src/gateway.app.ts';
import { openAppJournal, readRemoteSettings, recordRemote, refuseOpenPorts } from '../app-settings.ts';
import { followingSettingsServer, GATEWAY_ALONE, gatewaySettingsOf } from '../../../gateway/src/settings-table.ts';
import { serve } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command, GATEWAY_ALONE).action(async () => {
    const request = { args: command.args, application: GATEWAY_ALONE.name.fallback };
    const { values, origins, remote } = await readRemoteSettings(GATEWAY_ALONE, request);
    refuseOpenPorts(values.insecure, {
      'server.address': values.address,
      'management.server.address': values.managementAddress,
    });
    const journal = openAppJournal(values);
    recordRemote(journal, 'gateway', remote);
    const gateway = await startGateway(followingSettingsServer(gatewaySettingsOf(values), origins, remote), {
      version: VERSION,
      journal,
      ...(remote && { settingsSource: remote }),
    });
    await serve([gateway], values.drainTimeoutMs, terminal, journal);
  });
}
