import { Body, Controller, Get, Header, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CardeaError } from '#kernel';
import { TrafficControl } from '../traffic-control.ts';
import { readAskedRequest } from './asked-request.ts';
import { LiveStream } from './live-stream.ts';
import { routesView } from './routes-view.ts';

@Controller('api/v1/gateway')
export class AdminApiController {
  readonly #control: TrafficControl;
  readonly #live: LiveStream;

  constructor(@Inject(TrafficControl) control: TrafficControl, @Inject(LiveStream) live: LiveStream) {
    this.#control = control;
    this.#live = live;
  }

  @Get('routes')
  @Header('cache-control', 'no-store')
  routes(): unknown {
    return routesView(this.#control, Date.now());
  }

  @Post('explain')
  @HttpCode(200)
  async explain(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    try {
      return await this.#control.explain(readAskedRequest(body));
    } catch (error) {
      if (!(error instanceof CardeaError)) throw error;
      void reply.status(400).header('content-type', 'application/problem+json');
      return { title: 'The question is not valid', status: 400, detail: error.message, remedy: error.remedy };
    }
  }

  @Get('live')
  live(@Res() reply: FastifyReply): void {
    reply.hijack();
    this.#live.attach(reply.raw);
  }
}
