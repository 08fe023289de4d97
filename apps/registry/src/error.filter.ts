import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultJournal, type Journal } from '#kernel';
import { allowedMethods } from '#protocols/eureka';
import { ApiFault, problemForStatus, type ProblemDocument } from '#protocols/registry-api';

/**
 * Errors in the form that each protocol's clients can bear: none of a body for Eureka, whose clients decode whatever they
 * get as an instance; problem documents elsewhere.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #faults: FaultJournal;

  constructor(journal: Journal) {
    this.#faults = new FaultJournal(journal, 'registry');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    if (status >= 500) this.#faults.record(error, `a ${request.method} request`);
    const path = request.url.replace(/\?.*$/s, '');
    if (/^\/+eureka(?:\/|$)/.test(path)) {
      const allow = status === 404 ? allowedMethods(path) : undefined;
      if (allow !== undefined) void reply.header('allow', allow);
      void reply.status(allow === undefined ? status : 405).send();
      return;
    }
    const document = error instanceof ApiFault ? error.document : problemForStatus(status, request.method, path);
    sendProblem(reply, document);
  }
}

function sendProblem(reply: FastifyReply, document: ProblemDocument): void {
  void reply
    .status(document.status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(document)));
}

function statusOf(error: unknown): number {
  if (error instanceof ApiFault) return error.document.status;
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own errors, for example of a body that is too large.
  const known = typeof error === 'object' && error !== null && 'statusCode' in error;
  const status: unknown = known ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
