import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beginEventStream } from '#event-stream';
import { ChangeStream } from './change-stream.ts';
import type { InstanceView } from './instance-view.ts';
import { parseBody } from './registration-request.ts';
import { RegistryApi, type InstancePage, type InstanceQuery } from './registry-api.ts';

interface Target {
  readonly service: string;
  readonly id: string;
}

/** The registry for people with curl. docs/guides/registry-api.md is its manual. */
@Controller('api/v1')
export class RegistryApiController {
  readonly #api: RegistryApi;
  readonly #stream: ChangeStream;

  constructor(@Inject(RegistryApi) api: RegistryApi, @Inject(ChangeStream) stream: ChangeStream) {
    this.#api = api;
    this.#stream = stream;
  }

  @Post('services/:service/instances')
  register(@Param('service') service: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const view = this.#api.register(service, bodyOf(request));
    const path = `/api/v1/services/${encodeURIComponent(view.service)}/instances/${encodeURIComponent(view.id)}`;
    const url = `${request.protocol}://${request.host}${path}`;
    const answer = {
      ...view,
      ttl: `${view.ttlMs / 1_000}s`,
      url,
      renewUrl: `${url}/renew`,
      statusUrl: `${url}/status`,
    };
    void reply.status(201).header('location', path).send(answer);
  }

  @Put('services/:service/instances/:id/renew')
  renew(@Param() { service, id }: Target): InstanceView {
    return this.#api.renew(service, id);
  }

  @Get('services/:service/instances/:id')
  instance(@Param() { service, id }: Target): InstanceView {
    return this.#api.instance(service, id);
  }

  @Delete('services/:service/instances/:id')
  @HttpCode(204)
  remove(@Param() { service, id }: Target): void {
    this.#api.remove(service, id);
  }

  @Put('services/:service/instances/:id/status')
  overrideStatus(@Param() { service, id }: Target, @Req() request: FastifyRequest): InstanceView {
    return this.#api.overrideStatus(service, id, bodyOf(request));
  }

  @Delete('services/:service/instances/:id/status')
  clearStatus(@Param() { service, id }: Target): InstanceView {
    return this.#api.clearStatus(service, id);
  }

  @Get('services')
  @Header('cache-control', 'no-store')
  services(): ReturnType<RegistryApi['services']> {
    return this.#api.services();
  }

  @Get(['services/:service', 'services/:service/instances'])
  @Header('cache-control', 'no-store')
  service(@Param('service') service: string): ReturnType<RegistryApi['service']> {
    return this.#api.service(service);
  }

  @Get('instances')
  @Header('cache-control', 'no-store')
  instances(@Query() query: InstanceQuery): InstancePage {
    return this.#api.instances(query);
  }

  @Get('stream')
  stream(
    @Query('service') service: string | string[] | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const names = [service ?? []].flat().flatMap((list) => list.split(','));
    const services = new Set(names.map((name) => name.trim().toUpperCase()).filter((name) => name !== ''));
    const last = request.headers['last-event-id'];
    const lastIndex = typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : undefined;
    if (request.method === 'HEAD') {
      void reply.header('content-type', 'text/event-stream').send();
      return;
    }
    reply.hijack();
    beginEventStream(reply.raw);
    this.#stream.open(reply.raw, { services: services.size === 0 ? undefined : services, lastIndex });
  }
}

function bodyOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return parseBody(body, request.headers['content-type']);
}
