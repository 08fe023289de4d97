import { STATUS_CODES } from 'node:http';

export interface SpringReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Thrown inside; answered in Boot's form of an error. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message = '') {
    super(message);
    this.status = status;
  }
}

export const JSON_TYPE = { 'content-type': 'application/json' };

export const reply = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): SpringReply => ({ status, headers, body });

/** What Spring Boot's error page is for clients that take JSON. */
export function bootError(status: number, path: string, message: string): SpringReply {
  const body = {
    timestamp: new Date().toISOString(),
    status,
    error: STATUS_CODES[status],
    ...(message === '' ? {} : { message }),
    path,
  };
  return reply(status, JSON_TYPE, JSON.stringify(body));
}
