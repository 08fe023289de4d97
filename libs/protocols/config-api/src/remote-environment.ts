import { type IncomingMessage, request as requestHttp } from 'node:http';
import type { Property, PropertySource, PropertyValue } from '#config';
import type { SourceLocation } from '#kernel';

type PlainOrTraced = PropertyValue | { readonly value: PropertyValue; readonly origin?: string };

/** An Environment of the v2 form, where values may carry their origin. */
export interface RemoteEnvironment {
  readonly version: string | null;
  readonly propertySources: readonly {
    readonly name: string;
    readonly source: Readonly<Record<string, PlainOrTraced>>;
  }[];
}

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
  const { status, text } = await get(`${url}/${path.map(encodeURIComponent).join('/')}`);
  if (status !== 200) throw new Error(`it answers ${status}`);
  const environment: RemoteEnvironment = JSON.parse(text);
  return { version: environment.version ?? '', sources: sourcesOf(environment) };
}

/** Not `fetch`, whose first call loads 10 MB that a gateway has no other use for. */
async function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const request = url.startsWith('https:') ? (await import('node:https')).request : requestHttp;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      request(url, { headers: { accept: V2 }, signal, agent: false }, resolve)
        .on('error', reject)
        .end();
    });
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += String(piece);
    return { status: response.statusCode ?? 0, text };
  } catch (cause) {
    throw new Error('it does not answer', { cause });
  }
}

/** The sources of an Environment, strongest first, each value with where it was written. */
export function sourcesOf({ propertySources }: RemoteEnvironment): readonly PropertySource[] {
  return propertySources.map(({ name, source }) => ({
    name,
    properties: new Map(Object.entries(source).map(([key, value]) => [key, propertyOf(value, name)])),
  }));
}

function propertyOf(given: PlainOrTraced, name: string): Property {
  if (typeof given !== 'object' || !('origin' in given)) {
    return { value: typeof given === 'object' ? given.value : given, origin: { file: name } };
  }
  return { value: given.value, origin: locationOf(given.origin ?? name) };
}

/** Spring writes `…/gateway.yml:12:5` or `… [gateway.yml]:12:5`. */
function locationOf(origin: string): SourceLocation {
  const match = /^(?:Config Server )?(.*?):(\d+):(\d+)$/.exec(origin);
  if (match === null) return { file: origin };
  return { file: match[1] ?? origin, line: Number(match[2]), column: Number(match[3]) };
}
