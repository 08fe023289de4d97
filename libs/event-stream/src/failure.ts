import type { IncomingMessage } from 'node:http';

const MAX_BODY_CHARS = 65_536;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
};

/** What errors have, whichever realm they come from. */
interface Failure {
  readonly message: string;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Why a server could not be asked, fit for a sentence; the codes of sockets become words. */
export function describeFailure(error: unknown, depth = 0): string {
  if (!isFailure(error)) return String(error);
  const reason = REASONS[String(error.code)];
  if (reason !== undefined) return reason;
  if (error.name === 'TimeoutError') return 'it does not answer in time';
  const inner: unknown = Array.isArray(error.errors) ? error.errors[0] : error.cause;
  if (inner !== undefined && depth < 5) return describeFailure(inner, depth + 1);
  return error.message === 'aborted' ? 'the connection broke off' : error.message;
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}

/**
 * What an answer other than 200 says, as an error: the detail of a problem document, or the message of Spring Boot's error
 * document, which name the file and the line where one is broken. Reads the answer to its end.
 */
export async function refusalOf(response: IncomingMessage): Promise<Error> {
  let text = '';
  try {
    for await (const piece of response.setEncoding('utf8')) {
      text += String(piece);
      if (text.length > MAX_BODY_CHARS) break;
    }
  } catch {
    // The status alone says something.
  }
  response.destroy();
  const said = text.length > MAX_BODY_CHARS ? undefined : saidIn(text);
  return new Error(`it answers ${response.statusCode}${said === undefined ? '' : `: ${said}`}`);
}

interface ErrorDocument {
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly remedy?: unknown;
}

function saidIn(text: string): string | undefined {
  try {
    const document: ErrorDocument | null = JSON.parse(text);
    const said = document?.detail ?? document?.message;
    if (typeof said !== 'string' || said === '') return undefined;
    const remedy = typeof document?.remedy === 'string' ? `; ${document.remedy}` : '';
    return (said + remedy).replaceAll('\n', ' | ');
  } catch {
    return undefined;
  }
}
