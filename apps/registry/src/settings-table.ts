import { CardeaError, formatProblem } from '#kernel';
import { ALL_TABLES, loadSettings, port, PROCESS_SETTINGS, REGISTRY_SETTINGS, text, type SettingsOf } from '#settings';
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

/** A registry alone listens on `server.port`, as a Eureka server does. */
const ALONE = {
  ...PROCESS_SETTINGS,
  ...REGISTRY_SETTINGS,
  registryPort: port('server.port', 8761, 'port of the registry', { aliases: ['cardea.registry.port'] }),
  registryAddress: text('server.address', '127.0.0.1', 'address that the registry listens on', {
    aliases: ['cardea.registry.address'],
  }),
} as const;

/** Settings of a registry that is a process of its own, from its command line and environment. */
export function readRegistrySettings(
  args: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): RegistrySettings {
  const { values, problems } = loadSettings(
    ALONE,
    {
      args,
      ...(environment === undefined ? {} : { environment }),
      readFile(path) {
        throw new CardeaError('bad-argument', `${path} is not read here`, {
          source: 'downstream',
          remedy: 'start the registry with `cardea registry --config FILE`',
        });
      },
    },
    ALL_TABLES,
  );
  const faults = problems.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) {
    const remedy = 'correct it and start again';
    throw new CardeaError('bad-setting', faults.map(formatProblem).join('\n'), { source: 'downstream', remedy });
  }
  return toRegistrySettings(values, values.dataDir);
}
