import { type IncomingMessage, request as requestHttp } from 'node:http';
import type { PropertySource } from '#config';
import { describeFailure, refusalOf } from '#event-stream';
import { readEnvironment } from './environment-sources.ts';

export interface EnvironmentQuery {
  readonly url: string;
  readonly application: string;
  readonly profiles: readonly string[];
  readonly label: string | undefined;
}

const V2 = 'application/vnd.spring-cloud.config-server.v2+json';
const TIMEOUT_MS = 5_000;

/** Asks a config server (ours or Spring's) once. Sources are strongest first. */
export async function fetchEnvironment({
  url,
  application,
  profiles,
  label,
}: EnvironmentQuery): Promise<{ readonly version: string; readonly sources: readonly PropertySource[] }> {
  const path = [
    application,
    profiles.join(',') || 'default',
    ...(label === undefined ? [] : [label.replaceAll('/', '(_)')]),
  ];
  const text = await get(`${url}/${path.map(encodeURIComponent).join('/')}`);
  const { version, sources } = readEnvironment(text);
  return { version: version ?? '', sources };
}

/** Not `fetch`, whose first call loads 10 MB that a gateway has no other use for. */
async function get(url: string): Promise<string> {
  const request = url.startsWith('https:') ? (await import('node:https')).request : requestHttp;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      request(url, { headers: { accept: V2 }, signal, agent: false }, resolve)
        .on('error', reject)
        .end();
    });
    if (response.statusCode !== 200) throw await refusalOf(response);
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += String(piece);
    return text;
  } catch (cause) {
    throw new Error(describeFailure(cause), { cause });
  }
}
