import {
  BadRequestException,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beginEventStream } from '#event-stream';
import { ConfigApi, type ConfigDiff, type ConfigHealth, type ConfigStatus } from './config-api.ts';
import { EnvironmentStream } from './environment-stream.ts';

const COMMITS = 20;
const MAX_COMMITS = 500;

interface Target {
  readonly application: string;
  readonly profile: string;
  readonly label?: string;
}

/** Configuration for people with curl, and the stream that gateways follow. */
@Controller()
export class ConfigApiController {
  readonly #api: ConfigApi;
  readonly #stream: EnvironmentStream;

  constructor(@Inject(ConfigApi) api: ConfigApi, @Inject(EnvironmentStream) stream: EnvironmentStream) {
    this.#api = api;
    this.#stream = stream;
  }

  @Get('api/v1/config/status')
  @Header('cache-control', 'no-store')
  status(): ConfigStatus {
    return this.#api.status();
  }

  @Post('api/v1/config/refresh')
  @HttpCode(200)
  refresh(): Promise<ConfigStatus> {
    return this.#api.refresh();
  }

  @Get('actuator/health')
  @Header('cache-control', 'no-store')
  async health(@Res() reply: FastifyReply): Promise<void> {
    const health: ConfigHealth = await this.#api.health();
    await reply.status(health.status === 'UP' ? 200 : 503).send(health);
  }

  @Get(['api/v1/config/:application/:profile/explain', 'api/v1/config/:application/:profile/:label/explain'])
  explain(@Param() target: Target, @Query('key') key: string | undefined): Promise<object> {
    return this.#api.explain(requestOf(target), key ?? '');
  }

  @Get(['api/v1/config/:application/:profile/history', 'api/v1/config/:application/:profile/:label/history'])
  async history(@Param() target: Target, @Query('limit') limit: string | undefined): Promise<object> {
    const most = Math.min(MAX_COMMITS, Number(/^\d{1,9}$/.exec(limit ?? '')?.[0] ?? COMMITS));
    return { commits: await this.#api.history(requestOf(target), most) };
  }

  @Get('api/v1/config/:application/:profile/diff')
  diff(
    @Param() target: Target,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
  ): Promise<ConfigDiff> {
    if (from === undefined || from === '') throw new BadRequestException('from names no branch, tag or commit');
    return this.#api.diff(requestOf(target), from, to);
  }

  @Get(['api/v1/config/:application/:profile/stream', 'api/v1/config/:application/:profile/:label/stream'])
  async stream(@Param() target: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const open = await this.#stream.open(requestOf(target));
    if (request.method === 'HEAD') {
      await reply.header('content-type', 'text/event-stream').send();
      return;
    }
    reply.hijack();
    beginEventStream(reply.raw);
    open(reply.raw);
  }
}

function requestOf({ application, profile, label }: Target) {
  return { application, profiles: profile, label: label?.replaceAll('(_)', '/') };
}
