import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpringConfig } from './spring-config.ts';

/** Every path that nothing else of the server claims. */
@Controller()
export class SpringConfigController {
  readonly #spring: SpringConfig;

  constructor(@Inject(SpringConfig) spring: SpringConfig) {
    this.#spring = spring;
  }

  @All('*')
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { status, headers, body } = await this.#spring.answer({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    // Bytes, so that Fastify adds no charset of its own.
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    await reply
      .status(status)
      .headers(headers)
      .send(bytes.length === 0 ? undefined : bytes);
  }
}
