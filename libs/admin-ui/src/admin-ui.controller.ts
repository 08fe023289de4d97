import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StaticSite } from './static-site.ts';

/** Comes last by its pattern: every route that names its path is more specific. */
@Controller()
export class AdminUiController {
  constructor(@Inject(StaticSite) private readonly site: StaticSite) {}

  @Get('*')
  serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { headers, url } = request;
    const {
      status,
      headers: answered,
      body,
    } = this.site.answer({
      path: url.split('?', 1)[0] ?? '/',
      accept: headers.accept,
      acceptEncoding: headers['accept-encoding'],
      ifNoneMatch: headers['if-none-match'],
    });
    void reply.code(status).headers(answered).send(body);
  }
}
