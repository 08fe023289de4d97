import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CardeaError } from '#kernel';

/** Errors of the API as problem documents. Spring's routes answer their own errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log: { error(details: object, message: string): void } | undefined;

  constructor(log: { error(details: object, message: string): void } | undefined) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    if (status >= 500) this.#log?.error({ err: error, url: request.url }, 'request failed');
    const detail = error instanceof CardeaError ? error.message : `${request.method} was answered with ${status}`;
    const document = { type: 'about:blank', title: STATUS_CODES[status], status, detail };
    void reply
      .status(status)
      .header('content-type', 'application/problem+json')
      .send(Buffer.from(JSON.stringify(document)));
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof CardeaError) return error.code === 'unknown-label' ? 404 : 500;
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
