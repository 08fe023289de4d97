import { Controller, Delete, Get, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EurekaProtocol } from './eureka-protocol.ts';
import type { EurekaRequest } from './eureka-request.ts';
import { BAD_REQUEST, type EurekaReply } from './reply.ts';

/**
 * The URL space of a Eureka server, with Spring's prefix and with Netflix's. The app must hand bodies over as raw bytes,
 * accept empty ones of any type, and decode `%2F` inside path segments.
 */
@Controller(['eureka', 'eureka/v2'])
export class EurekaController {
  readonly #protocol: EurekaProtocol;

  constructor(@Inject(EurekaProtocol) protocol: EurekaProtocol) {
    this.#protocol = protocol;
  }

  @Get('apps')
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.#protocol.lists.all(asEureka(request)));
  }

  @Get('apps/delta')
  async delta(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.#protocol.lists.delta(asEureka(request)));
  }

  @Get('apps/:app')
  async application(
    @Param('app') app: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.#protocol.lists.application(app, asEureka(request)));
  }

  @Post('apps/:app')
  async register(@Param('app') app: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.#protocol.instances.register(app, asEureka(request)));
  }

  @Get('apps/:app/:id')
  instance(@Param() { app, id }: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.instance(app, id, asEureka(request)));
  }

  @Put('apps/:app/:id')
  heartbeat(@Param() { app, id }: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.heartbeat(app, id, asEureka(request)));
  }

  @Delete('apps/:app/:id')
  cancel(@Param() { app, id }: Target, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.cancel(app, id));
  }

  @Put('apps/:app/:id/status')
  setStatus(@Param() { app, id }: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.setStatus(app, id, asEureka(request)));
  }

  @Delete('apps/:app/:id/status')
  deleteStatus(@Param() { app, id }: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.deleteStatusOverride(app, id, asEureka(request)));
  }

  @Put('apps/:app/:id/metadata')
  metadata(@Param() { app, id }: Target, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.mergeMetadata(app, id, asEureka(request)));
  }

  @Get('instances/:id')
  instanceById(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.instances.instanceById(id, asEureka(request)));
  }

  @Get('vips/:vip')
  async byVip(@Param('vip') vip: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.#protocol.lists.byVip(vip, false, asEureka(request)));
  }

  @Get('svips/:vip')
  async bySecureVip(
    @Param('vip') vip: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.#protocol.lists.byVip(vip, true, asEureka(request)));
  }

  /** Auto-scaling groups exist on AWS only; elsewhere the reference answers 400. */
  @Put('asg/:name/status')
  groupStatus(@Res() reply: FastifyReply): void {
    send(reply, BAD_REQUEST);
  }

  @Post('peerreplication/batch')
  batch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(reply, this.#protocol.batch.apply(asEureka(request).body));
  }
}

interface Target {
  readonly app: string;
  readonly id: string;
}

function asEureka(request: FastifyRequest): EurekaRequest {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { headers: request.headers, query: { ...Object(request.query) }, body };
}

/** Bodies go out as bytes: of strings the framework would complete the content type. */
function send(reply: FastifyReply, { status, contentType, body, headers }: EurekaReply): void {
  void reply.status(status).headers(headers ?? {});
  if (body === undefined) {
    void reply.send();
    return;
  }
  void reply.header('content-type', contentType).send(typeof body === 'string' ? Buffer.from(body) : body);
}
