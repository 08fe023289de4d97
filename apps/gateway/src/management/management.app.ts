import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenFault } from '../listen-fault.ts';
import { ManagementModule, type ManagementParts } from './management.module.ts';
import { openPassages } from './passages.ts';

export interface ManagementOptions extends ManagementParts {
  readonly address: string;
  readonly port: number;
  /** Path prefix to base URL of the apps behind it. */
  readonly passages: Readonly<Record<string, string>>;
}

export interface RunningManagement {
  readonly url: string;
  close(): Promise<void>;
}

/** curl calls everything a form: bodies are taken as text, whatever their type says. */
function takeAnyText(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** Serves health, metrics, the admin API and the admin UI. */
export async function startManagement(options: ManagementOptions): Promise<RunningManagement> {
  const adapter = new FastifyAdapter({ keepAliveTimeout: 75_000, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(await ManagementModule.with(options), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  takeAnyText(adapter);
  openPassages(adapter.getInstance(), app.getHttpServer(), options.passages);
  try {
    await app.listen(options.port, options.address);
  } catch (error) {
    await app.close();
    throw listenFault(error, 'management.server', options.address, options.port);
  }
  return {
    url: await app.getUrl(),
    close: async () => {
      options.live.close();
      await app.close();
    },
  };
}
