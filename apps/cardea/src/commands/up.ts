import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { openBus } from '#bus';
import type { HealthIndicator } from '#health';
import { CardeaError, type RunningApp } from '#kernel';
import type { SettingsOf } from '#settings';
import { startConfigServer } from '../../../config-server/src/config-server.app.ts';
import { toConfigServerSettings } from '../../../config-server/src/config-server-settings.ts';
import { startGateway } from '../../../gateway/src/gateway.app.ts';
import { isConsul } from '../../../gateway/src/registry-watch.ts';
import { type RunningRegistry, startRegistry } from '../../../registry/src/registry.app.ts';
import { toRegistrySettings } from '../../../registry/src/settings-table.ts';
import { openAppJournal, readAppSettings, readRemoteSettings, recordRemote, refuseOpenPorts } from '../app-settings.ts';
import { startDemo } from '../demo/demo.ts';
import { gatewaySettingsOf } from '../../../gateway/src/settings-table.ts';
import { withBus } from '../registry-events.ts';
import { serve, stopApps } from '../serve.ts';
import { acceptSettings } from '../setting-options.ts';
import type { Terminal } from '../terminal.ts';
import { UP_SCHEMA } from '../up-schema.ts';
import { VERSION } from '../version.ts';

export function register(command: Command, terminal: Terminal): void {
  acceptSettings(command.option('--demo', 'also start two small services to try it with'), UP_SCHEMA).action(
    async (options: { demo?: boolean }) => {
      const own = readAppSettings(UP_SCHEMA, command.args).values;
      refuseOpen(own);
      if (own.gitUri === undefined) requireFolder(own.configRepo);
      const journal = openAppJournal(own);
      const apps: RunningApp[] = [];
      try {
        const configServer = await startConfigServer(toConfigServerSettings(own, own.dataDir), { journal });
        apps.unshift(configServer);
        const configUrl = configServer.listeners[0]?.url ?? own.configUrl;
        // What it serves for this application counts for the others that start now.
        const request = { args: command.args, application: own.name, embedded: configUrl };
        const { values, remote } = await readRemoteSettings(UP_SCHEMA, request);
        refuseOpen(values);
        journal.configure({ format: values.logFormat, level: values.logLevel });
        recordRemote(journal, 'gateway', remote);
        const { busTransport: transport, redisUrl } = values;
        const registry = await withBus(
          await startRegistry(toRegistrySettings(values, values.dataDir), { journal }),
          () => openBus({ transport, redisUrl, handlers: {} }),
        );
        apps.unshift(registry);
        const registryUrl = registry.listeners[0]?.url ?? values.registryUrl;
        const gateway = await startGateway(
          {
            ...gatewaySettingsOf(values),
            registryUrl: isConsul(values.registryUrl) ? values.registryUrl : registryUrl,
            configUrl,
          },
          {
            version: VERSION,
            journal,
            indicators: [storeIndicator(registry)],
            ...(remote && { settingsSource: remote }),
          },
        );
        apps.unshift(gateway);
        // Behind the gateway: it still needs them for the requests that are under way when all stops.
        if (options.demo === true) apps.splice(1, 0, startDemo(registryUrl, configUrl, values.demoInstances));
        await serve(apps, values.drainTimeoutMs, terminal, journal, hints(gateway, registryUrl, options.demo === true));
      } catch (error) {
        await stopApps(apps, 0);
        throw error;
      }
    },
  );
}

function refuseOpen(values: SettingsOf<typeof UP_SCHEMA>): void {
  refuseOpenPorts(values.insecure, {
    'server.address': values.address,
    'management.server.address': values.managementAddress,
    'cardea.registry.address': values.registryAddress,
    'cardea.config-server.address': values.configServerAddress,
  });
}

/** A disk that fails leaves everything served from memory: it is shown, and nobody is unready for it. */
function storeIndicator({ storeState }: RunningRegistry): HealthIndicator {
  return { name: 'registryStore', groups: [], check: () => ({ status: 'UP', details: { ...storeState() } }) };
}

function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new CardeaError('missing-folder', `there is no folder ${folder} to read the configuration from`, {
    source: 'downstream',
    remedy: 'create it with a gateway.yml in it, or name another: --cardea.config-repo=FOLDER',
  });
}

function hints(gateway: RunningApp, registryUrl: string, demo: boolean): readonly string[] {
  const urlOf = (name: string) => gateway.listeners.find((listener) => listener.name === name)?.url;
  const [front, management] = [urlOf('gateway'), urlOf('management')];
  return [
    '',
    'Try:',
    ...(demo ? [`  curl ${front}/greeter/`, `  curl ${front}/catalog/items`] : []),
    `  curl -X POST ${registryUrl}/api/v1/services/hello/instances -d '{"host":"127.0.0.1","port":5000,"ttl":"30s"}'`,
    `  open ${management}/   # services, instances and routes, live`,
    '  edit config-repo/gateway.yml; a change is live within a second',
  ];
}
