import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { TrafficControl } from '../traffic-control.ts';
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

  @Get('live')
  live(@Res() reply: FastifyReply): void {
    reply.hijack();
    this.#live.attach(reply.raw);
  }
}
