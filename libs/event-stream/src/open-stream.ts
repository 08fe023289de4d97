import { type IncomingMessage, request as requestHttp } from 'node:http';

/**
 * Asks for a stream that lasts and answers its head; its text is read with `for await`. Ends when `signal` is aborted.
 *
 * Not `fetch`: the first call loads all of undici, 10 MB that a process which only follows streams has no other use for.
 */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? (await import('node:https')).request : requestHttp;
  return new Promise((resolve, reject) => {
    // A connection of its own: none that was idle, and may be dead, is picked up after a failure.
    const sent = request(url, { headers, signal, agent: false }, (response) => resolve(response.setEncoding('utf8')));
    sent.on('error', reject).end();
  });
}
