import { fetchEnvironment } from '#protocols/config-api';
import {
  openPorts,
  port,
  PROCESS_SETTINGS,
  readSettingsWithRemote,
  REGISTRY_SETTINGS,
  requireSound,
  text,
  type SettingsOf,
} from '#settings';
import type { JournalForm } from '#telemetry';
import type { RegistrySettings } from './registry-settings.ts';

/** What was read from the settings, as the registry takes it. `dataDir` undefined: a restart forgets everybody. */
export function toRegistrySettings(
  values: SettingsOf<typeof REGISTRY_SETTINGS>,
  dataDir: string | undefined,
): RegistrySettings {
  return {
    server: { port: values.registryPort, address: values.registryAddress },
    dataDir,
    eureka: {
      instance: {
        instanceId: values.instanceId,
        defaultOpenForTrafficCount: values.defaultOpenForTrafficCount,
      },
      server: {
        enableSelfPreservation: values.enableSelfPreservation,
        renewalPercentThreshold: Number(values.renewalPercentThreshold),
        evictionIntervalTimerInMs: values.evictionIntervalMs,
        useReadOnlyResponseCache: values.useReadOnlyResponseCache,
        responseCacheUpdateIntervalMs: values.responseCacheUpdateIntervalMs,
        responseCacheAutoExpirationInSeconds: values.responseCacheAutoExpirationMs / 1_000,
        disableDelta: values.disableDelta,
        retentionTimeInMSInDeltaQueue: values.deltaRetentionMs,
        waitTimeInMsWhenSyncEmpty: values.waitWhenSyncEmptyMs,
        syncWhenTimestampDiffers: values.syncWhenTimestampDiffers,
      },
    },
    registry: {
      exactExpiry: values.exactExpiry,
      selfPreservationMinimum: values.selfPreservationMinimum,
      selfPreservationLimitMs: values.selfPreservationLimitMs,
    },
  };
}

const { registryPort, registryAddress } = REGISTRY_SETTINGS;

/** Alone, a registry listens on `server.port`, as a Eureka server does. */
export const REGISTRY_ALONE = {
  ...PROCESS_SETTINGS,
  ...REGISTRY_SETTINGS,
  registryPort: port('server.port', registryPort.fallback, registryPort.doc, { aliases: [registryPort.key] }),
  registryAddress: text('server.address', '127.0.0.1', registryAddress.doc, { aliases: [registryAddress.key] }),
} as const;

/** Settings of a registry that is a process of its own: command line, environment, `--config` files, config server. */
export async function readRegistrySettings(
  args: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly settings: RegistrySettings; readonly log: JournalForm; readonly drainMs: number }> {
  const request = { args, ...(environment && { environment }), fetchEnvironment, application: 'registry' };
  const { values } = requireSound(await readSettingsWithRemote(REGISTRY_ALONE, request));
  requireSound({ problems: openPorts(values.insecure, { 'server.address': values.registryAddress }) });
  const log = { format: values.logFormat, level: values.logLevel };
  return { settings: toRegistrySettings(values, values.dataDir), log, drainMs: values.drainTimeoutMs };
}
