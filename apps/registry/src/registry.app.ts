import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SnapshotLeaseStore } from '#engines/memory';
import { CardeaError, type Clock, type Journal, type RunningApp, silentJournal, systemClock } from '#kernel';
import { EurekaProtocol } from '#protocols/eureka';
import { ChangeStream, RegistryApi } from '#protocols/registry-api';
import { LeaseRegistry, type LeaseStore, type LeaseStoreState } from '#registry';
import { ErrorFilter } from './error.filter.ts';
import { refuseForeignPages } from './foreign-pages.ts';
import { acceptRawBodies, MAX_BODY_BYTES } from './raw-body.ts';
import { recordSelfPreservation, restoredEntry, storeEntry } from './registry-journal.ts';
import { checkRegistrySettings, type RegistrySettings } from './registry-settings.ts';
import { RegistryModule } from './registry.module.ts';

export interface RegistryContext {
  /** Takes what changes; without it nobody is told. */
  readonly journal?: Journal;
  readonly clock?: Clock;
  /** Where leases outlive the process; by default a snapshot below the data folder, or nowhere without one. */
  readonly store?: LeaseStore;
}

export interface RunningRegistry extends RunningApp {
  /** For those in the same process: health, metrics, the bus. */
  readonly registry: LeaseRegistry;
  readonly storeState: () => LeaseStoreState;
}

/** JVM clients keep idle connections for 30 s and more; a server that closes earlier causes resets. */
const KEEP_ALIVE_MS = 75_000;

/** Starts the registry and answers when it listens and has taken up the leases of its predecessor. */
export async function startRegistry(
  settings: RegistrySettings,
  context: RegistryContext = {},
): Promise<RunningRegistry> {
  checkRegistrySettings(settings);
  const { journal = silentJournal, clock = systemClock } = context;
  const store = context.store ?? snapshotStore(settings, clock, journal);
  const registry = new LeaseRegistry(clock, registryOptions(settings), store);
  const restored = store === undefined ? 0 : registry.restore(await store.open());
  if (restored > 0) journal.record(restoredEntry(restored));
  const stopRecording = recordSelfPreservation(registry, journal);
  const stream = new ChangeStream(registry, clock);
  const eureka = eurekaProtocol(registry, settings, clock, restored > 0);
  const module = await RegistryModule.with({ eureka, api: new RegistryApi(registry, clock), stream });
  const app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(journal));
  acceptRawBodies(app.getHttpAdapter().getInstance());
  refuseForeignPages(app.getHttpAdapter().getInstance());

  const stop = async (): Promise<void> => {
    stream.close();
    stopRecording();
    await app.close();
    registry.close();
    await store?.close();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  try {
    await app.listen(settings.server.port, settings.server.address);
  } catch (error) {
    await close();
    throw listenFault(error, settings);
  }
  return {
    name: 'registry',
    listeners: [{ name: 'registry', url: await app.getUrl() }],
    registry,
    storeState: () => store?.state ?? { state: 'ok' },
    async drain() {
      // Streams have no end of their own; everything else here is answered in milliseconds.
      stream.close();
      await store?.flush();
    },
    close,
  };
}

function snapshotStore({ dataDir }: RegistrySettings, clock: Clock, journal: Journal): LeaseStore | undefined {
  if (dataDir === undefined) return undefined;
  return new SnapshotLeaseStore({
    folder: join(dataDir, 'registry'),
    clock,
    onState: (state) => journal.record(storeEntry(state)),
  });
}

function registryOptions({ eureka, registry }: RegistrySettings): ConstructorParameters<typeof LeaseRegistry>[1] {
  const { server } = eureka;
  return {
    expiryFactor: registry.exactExpiry ? 1 : 2,
    evictionIntervalMs: server.evictionIntervalTimerInMs,
    selfPreservation: server.enableSelfPreservation,
    renewalPercentThreshold: server.renewalPercentThreshold,
    selfPreservationMinimum: registry.selfPreservationMinimum,
    selfPreservationLimitMs: registry.selfPreservationLimitMs,
    deltaRetentionMs: server.retentionTimeInMSInDeltaQueue,
    syncWhenTimestampDiffers: server.syncWhenTimestampDiffers,
  };
}

function eurekaProtocol(
  registry: LeaseRegistry,
  { eureka: { instance, server } }: RegistrySettings,
  clock: Clock,
  filled: boolean,
): EurekaProtocol {
  const opensAt = clock.monotonic() + server.waitTimeInMsWhenSyncEmpty;
  const waits = !filled && instance.defaultOpenForTrafficCount === 0;
  return new EurekaProtocol(registry, {
    clock,
    ownInstanceId: instance.instanceId,
    disableDelta: server.disableDelta,
    responseCacheAutoExpirationMs: server.responseCacheAutoExpirationInSeconds * 1_000,
    readOnlyCacheIntervalMs: server.useReadOnlyResponseCache ? server.responseCacheUpdateIntervalMs : 0,
    isOpen: () => !waits || clock.monotonic() >= opensAt,
  });
}

function fastifyAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 1_024 },
  });
}

function listenFault(error: unknown, { server }: RegistrySettings): Error {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const where = `port ${server.port} of ${server.address}`;
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: 'stop what listens there, or choose another: --server.port=8762 (0 takes a free one)',
    EACCES: 'choose a port above 1023, or give the process the right to use it',
    EADDRNOTAVAIL: 'give an address of this machine: --server.address=127.0.0.1',
  };
  const what = code === 'EADDRINUSE' ? `${where} is taken` : `the registry cannot listen on ${where}: ${message}`;
  return new CardeaError('cannot-listen', what, {
    source: 'internal',
    cause: error,
    remedy: remedies[code] ?? 'see server.port and server.address',
  });
}
