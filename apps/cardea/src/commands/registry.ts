import type { Command } from 'commander';
import { openBus } from '#bus';
import { port, PROCESS_SETTINGS, REGISTRY_SETTINGS, text } from '#settings';
import { startRegistry } from '../../../registry/src/registry.app.ts';
import { toRegistrySettings } from '../../../registry/src/settings-table.ts';
import { openAppJournal, readRemoteSettings, recordRemote, refuseOpenPorts } from '../app-settings.ts';
import { withBus } from '../registry-events.ts';
import { serve } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';

const { registryPort, registryAddress } = REGISTRY_SETTINGS;

/** Alone, a registry listens on `server.port`, as a Eureka server does. */
const SCHEMA = {
  ...PROCESS_SETTINGS,
  ...REGISTRY_SETTINGS,
  registryPort: port('server.port', registryPort.fallback, registryPort.doc, { aliases: [registryPort.key] }),
  registryAddress: text('server.address', '127.0.0.1', registryAddress.doc, { aliases: [registryAddress.key] }),
};

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command, SCHEMA).action(async () => {
    const request = { args: command.args, application: 'registry' };
    const { values, remote } = await readRemoteSettings(SCHEMA, request);
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
