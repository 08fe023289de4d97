import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ConfigSource, ServedState, SymmetricCipher } from '#config';
import { openFolderSource } from '#engines/files';
import { openGitSource } from '#engines/git';
import { CardeaError, type RunningApp } from '#kernel';
import { ConfigApi, loadConfigApiController } from '#protocols/config-api';
import { loadSpringConfigController, SpringConfig } from '#protocols/spring-config';
import type { ConfigServerSettings } from './config-server-settings.ts';
import { ErrorFilter } from './error.filter.ts';

export interface ConfigServerContext {
  /** Closed together with the server. By default what the settings name. */
  readonly source?: ConfigSource;
  readonly log?: { error(details: object, message: string): void };
  /** Told after every change that was noticed, whether served or refused. */
  readonly onChanged?: () => void;
}

/** JVM clients keep idle connections for 30 s and more. */
const KEEP_ALIVE_MS = 75_000;
const MAX_BODY_BYTES = 1_024 * 1_024;

@Module({})
class ConfigServerModule {}

/** Ready when the default label is read; a source that cannot be reached yet is asked again with the first request. */
export async function startConfigServer(
  settings: ConfigServerSettings,
  context: ConfigServerContext = {},
): Promise<RunningApp> {
  const cipher = settings.encryptKey === undefined ? undefined : new SymmetricCipher(settings.encryptKey);
  const options = { cipher, searchPaths: settings.searchPaths };
  const source = context.source ?? (await openSource(settings));
  const state = new ServedState(source, cipher);
  if (context.onChanged !== undefined) state.onChange(context.onChanged);
  const api = new ConfigApi(state, source, options);
  const module: DynamicModule = {
    module: ConfigServerModule,
    controllers: [await loadConfigApiController(), await loadSpringConfigController()],
    providers: [
      { provide: ConfigApi, useValue: api },
      { provide: SpringConfig, useValue: new SpringConfig(state, options) },
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
  app.useGlobalFilters(new ErrorFilter(context.log));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const stop = async (): Promise<void> => {
    api.close();
    state.close();
    await app.close();
    await source.close();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  try {
    await state.current(undefined).catch((error: unknown) => {
      if (!(error instanceof CardeaError)) throw error;
      context.log?.error({ err: error }, error.message);
    });
    await app.listen(settings.port, settings.address);
  } catch (error) {
    await close();
    throw listenFault(error, settings);
  }
  return {
    name: 'config-server',
    listeners: [{ name: 'config-server', url: await app.getUrl() }],
    drain: () => Promise.resolve(api.close()),
    close,
  };
}

/** A repository if it is one; else the folder as it is. */
async function openSource({ uri, dataDir, defaultLabel }: ConfigServerSettings): Promise<ConfigSource> {
  try {
    return await openGitSource({ uri, dataDir, ...(defaultLabel === undefined ? {} : { defaultLabel }) });
  } catch (error) {
    if (!(error instanceof CardeaError && error.code === 'not-a-repository')) throw error;
    return await openFolderSource({ folder: uri.replace(/^file:(?:\/\/)?/, '') });
  }
}

function listenFault(error: unknown, { port, address }: ConfigServerSettings): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  return new CardeaError('cannot-listen', `port ${port} of ${address} is taken`, {
    source: 'internal',
    cause: error,
    remedy: 'stop what listens there, or choose another: --cardea.config-server.port=8889 (0 takes a free one)',
  });
}
