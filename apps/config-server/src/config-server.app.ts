import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { EnvironmentService, SymmetricCipher } from '#config';
import { CardeaError, type Clock, type Journal, type RunningApp, silentJournal, systemClock } from '#kernel';
import { ConfigApi, EnvironmentStream, loadConfigApiController } from '#protocols/config-api';
import { loadSpringConfigController, SpringConfig } from '#protocols/spring-config';
import { ConfigJournal } from './config-journal.ts';
import type { ConfigServerSettings } from './config-server-settings.ts';
import { ErrorFilter } from './error.filter.ts';
import { openBackends } from './open-backends.ts';

export interface ConfigServerContext {
  /** Takes what changes; without it nobody is told. */
  readonly journal?: Journal;
  /** Told after every change that was noticed, whether served or refused. */
  readonly onChanged?: () => void;
  readonly clock?: Clock;
}

/** JVM clients keep idle connections for 30 s and more. */
const KEEP_ALIVE_MS = 75_000;
const MAX_BODY_BYTES = 1_024 * 1_024;

const PART = 'config-server';

@Module({})
class ConfigServerModule {}

/** Ready when the default label is read; a source that cannot be reached yet is asked again with the first request. */
export async function startConfigServer(
  settings: ConfigServerSettings,
  context: ConfigServerContext = {},
): Promise<RunningApp> {
  const {
    encryptKey,
    encryptSalt,
    decrypt = true,
    prefix = '',
    overrides = {},
    acceptEmpty = true,
    webhookSecret,
  } = settings;
  const cipher = encryptKey === undefined ? undefined : new SymmetricCipher(encryptKey, encryptSalt);
  const backend = await openBackends(settings, { cipher, decrypt });
  const environments = new EnvironmentService(backend, { overrides, acceptEmpty });
  if (context.onChanged !== undefined) environments.onChange(context.onChanged);
  const { journal = silentJournal, clock = systemClock } = context;
  const stream = new EnvironmentStream(environments, clock);
  const module: DynamicModule = {
    module: ConfigServerModule,
    controllers: [await loadConfigApiController(), await loadSpringConfigController()],
    providers: [
      { provide: ConfigApi, useValue: new ConfigApi(environments) },
      { provide: EnvironmentStream, useValue: stream },
      { provide: SpringConfig, useValue: new SpringConfig(environments, { cipher, prefix, webhookSecret }) },
    ],
  };
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4_096 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(journal));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  let recording: ConfigJournal | undefined;
  const stop = async (): Promise<void> => {
    stream.close();
    recording?.close();
    await app.close();
    await environments.close();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  try {
    const probe = { application: 'application', profiles: 'default', label: undefined };
    await backend.environment(probe).catch((error: unknown) => {
      if (!(error instanceof CardeaError)) throw error;
      const { message, remedy } = error;
      journal.problems(PART, [{ severity: 'error', code: error.code, message, ...(remedy && { remedy }) }], 'start');
    });
    recording = new ConfigJournal(environments, journal, clock);
    await app.listen(settings.port, settings.address);
  } catch (error) {
    await close();
    throw listenFault(error, settings);
  }
  return {
    name: 'config-server',
    listeners: [{ name: 'config-server', url: await app.getUrl() }],
    drain: () => Promise.resolve(stream.close()),
    close,
  };
}

function listenFault(error: unknown, { port, address }: ConfigServerSettings): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new CardeaError('cannot-listen', `port ${port} of ${address} is taken`, {
    source: 'internal',
    cause: error,
    remedy: 'stop what listens there, or choose another: --cardea.config-server.port=8889 (0 takes a free one)',
  });
}
