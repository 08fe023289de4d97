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

/** Why a server could not be asked, fit for a sentence; the codes of sockets become words. */
export function describeFailure(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = 'code' in at ? String(at.code) : '';
    const reason = REASONS[code];
    if (reason !== undefined) return reason;
    if (at instanceof AggregateError && at.errors.length > 0) return describeFailure(at.errors[0]);
    if (at.name === 'TimeoutError') return 'it does not answer in time';
    if (at.cause === undefined) return at.message === 'aborted' ? 'the connection broke off' : at.message;
  }
  return error instanceof Error ? error.message : String(error);
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
  const said = saidIn(text);
  return new Error(`it answers ${response.statusCode}${said === undefined ? '' : `: ${said}`}`);
}

function saidIn(text: string): string | undefined {
  try {
    const document: { readonly detail?: unknown; readonly message?: unknown } | null = JSON.parse(text);
    const said = document?.detail ?? document?.message;
    return typeof said === 'string' && said !== '' ? said.replaceAll('\n', ' | ') : undefined;
  } catch {
    return undefined;
  }
}
