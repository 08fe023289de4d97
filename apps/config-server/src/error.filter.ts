import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CardeaError, FaultJournal, type Journal } from '#kernel';

/** Errors of the API as problem documents. Spring's routes answer their own errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #faults: FaultJournal;

  constructor(journal: Journal) {
    this.#faults = new FaultJournal(journal, 'config-server');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    // What is wrong with a source is told when it becomes so, not by those who ask.
    if (status >= 500 && !(error instanceof CardeaError)) this.#faults.record(error, `a ${request.method} request`);
    const detail = error instanceof CardeaError ? error.message : `${request.method} was answered with ${status}`;
    const remedy = error instanceof CardeaError ? error.remedy : undefined;
    const document = { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...(remedy && { remedy }) };
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
