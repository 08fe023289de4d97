import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { httpStatusOf } from '#health';
import { Actuator } from './actuator.ts';

/** Spring Boot Actuator's media type; clients such as Spring Boot Admin ask for it. */
const MEDIA_TYPE = 'application/vnd.spring-boot.actuator.v3+json';

@Controller('actuator')
export class ActuatorController {
  readonly #actuator: Actuator;

  constructor(@Inject(Actuator) actuator: Actuator) {
    this.#actuator = actuator;
  }

  @Get()
  @Header('content-type', MEDIA_TYPE)
  links(@Res({ passthrough: true }) reply: FastifyReply): unknown {
    return this.#actuator.links(`${reply.request.protocol}://${reply.request.host}`);
  }

  @Get('health')
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.#health(reply);
  }

  @Get('health/readiness')
  readiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.#health(reply, 'readiness');
  }

  @Get('health/liveness')
  liveness(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.#health(reply, 'liveness');
  }

  @Get('info')
  @Header('content-type', MEDIA_TYPE)
  info(): unknown {
    return this.#actuator.info;
  }

  @Get('prometheus')
  async prometheus(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.#actuator.metrics.contentType);
    return this.#actuator.metrics.render();
  }

  @Get('gateway/routes')
  @Header('content-type', 'application/json')
  routes(): unknown {
    return this.#actuator.routes();
  }

  async #health(reply: FastifyReply, group?: 'readiness' | 'liveness'): Promise<unknown> {
    const report = await this.#actuator.health(group);
    void reply.status(httpStatusOf(report.status)).header('content-type', MEDIA_TYPE);
    return report;
  }
}
