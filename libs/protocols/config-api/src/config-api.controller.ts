import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConfigApi, type ConfigStatus } from './config-api.ts';

interface Target {
  readonly application: string;
  readonly profile: string;
  readonly label?: string;
}

/** Configuration for people with curl, and the stream that gateways follow. */
@Controller()
export class ConfigApiController {
  readonly #api: ConfigApi;

  constructor(@Inject(ConfigApi) api: ConfigApi) {
    this.#api = api;
  }

  @Get('api/v1/config/status')
  @Header('cache-control', 'no-store')
  status(): ConfigStatus {
    return this.#api.status();
  }

  @Get('actuator/health')
  health(): object {
    const { uri, version, state, error } = this.#api.status();
    const details = { uri, version, state, error, problems: this.#api.complaints() };
    return { status: 'UP', components: { configServer: { status: 'UP', details } } };
  }

  @Get(['api/v1/config/:application/:profile/explain', 'api/v1/config/:application/:profile/:label/explain'])
  explain(@Param() target: Target, @Query('key') key: string | undefined): Promise<object> {
    return this.#api.explain(requestOf(target), key ?? '');
  }

  @Get(['api/v1/config/:application/:profile/stream', 'api/v1/config/:application/:profile/:label/stream'])
  async stream(@Param() target: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const open = await this.#api.stream(requestOf(target));
    if (request.method === 'HEAD') {
      await reply.header('content-type', 'text/event-stream').send();
      return;
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    open(reply.raw);
  }
}

function requestOf({ application, profile, label }: Target) {
  return { application, profiles: profile, label: label?.replaceAll('(_)', '/') };
}
