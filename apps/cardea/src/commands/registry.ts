import type { Command } from 'commander';
import { openBus } from '#bus';
import { startRegistry } from '../../../registry/src/registry.app.ts';
import { REGISTRY_ALONE, toRegistrySettings } from '../../../registry/src/settings-table.ts';
import { openAppJournal, readRemoteSettings, recordRemote, refuseOpenPorts } from '../app-settings.ts';
import { withBus } from '../registry-events.ts';
import { serve } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command, REGISTRY_ALONE).action(async () => {
    const request = { args: command.args, application: 'registry' };
    const { values, remote } = await readRemoteSettings(REGISTRY_ALONE, request);
    refuseOpenPorts(values.insecure, { 'server.address': values.registryAddress });
    const { busTransport: transport, redisUrl } = values;
    const journal = openAppJournal(values);
    recordRemote(journal, 'registry', remote);
    const registry = await withBus(await startRegistry(toRegistrySettings(values, values.dataDir), { journal }), () =>
      openBus({ transport, redisUrl, handlers: {} }),
    );
    await serve([registry], values.drainTimeoutMs, terminal, journal);
  });
}
