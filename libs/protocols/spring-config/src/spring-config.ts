import { STATUS_CODES } from 'node:http';
import {
  type AssembledEnvironment,
  assembleEnvironment,
  environmentJson,
  type EnvironmentOptions,
  type EnvironmentRequest,
  fillFrom,
  jsonText,
  locationsOf,
  propertiesText,
  type ServedState,
  yamlText,
} from '#config';
import { CardeaError, formatProblem } from '#kernel';

export interface SpringRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

export interface SpringReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const V2 = 'application/vnd.spring-cloud.config-server.v2+json';
const FILE_FORM = /^(.+)-([^-]+)\.(ya?ml|properties|json)$/;
const TEXT = { 'content-type': 'text/plain;charset=UTF-8' };
const JSON_TYPE = { 'content-type': 'application/json' };
const PROFILE = /^[\p{L}\p{N}](?:[\p{L}\p{N}\-_.+@]*[\p{L}\p{N}])?$/u;

/** Thrown inside; answered in Boot's form of an error. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message = '') {
    super(message);
    this.status = status;
  }
}

/** Answers what Spring Cloud Config clients ask, as Spring's server does. */
export class SpringConfig {
  readonly #state: ServedState;
  readonly #options: EnvironmentOptions;

  constructor(state: ServedState, options: EnvironmentOptions) {
    this.#state = state;
    this.#options = options;
  }

  async answer(request: SpringRequest): Promise<SpringReply> {
    const [path = '', query = ''] = request.url.split(/\?(.*)/s);
    try {
      return await this.#route(request, segmentsOf(path), new URLSearchParams(query));
    } catch (error) {
      if (error instanceof Refusal) return bootError(error.status, path, error.message);
      if (!(error instanceof CardeaError)) throw error;
      if (error.code === 'circular-placeholder') return bootError(400, path, error.message);
      return bootError(error.code === 'unknown-label' ? 404 : 500, path, error.message);
    }
  }

  async #route(request: SpringRequest, segments: readonly string[], query: URLSearchParams): Promise<SpringReply> {
    const [first = '', second, third] = segments;
    if (first === 'encrypt' || first === 'decrypt') {
      if (request.method === 'POST') return this.#cipher(first, request);
      if (first === 'encrypt' && second === 'status') {
        return this.#options.cipher === undefined ? noKey() : reply(200, JSON_TYPE, '{"status":"OK"}');
      }
    }
    if (request.method === 'OPTIONS') return reply(200, { allow: 'GET,HEAD,OPTIONS' }, '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const error = bootError(405, request.url, '');
      return { ...error, headers: { ...error.headers, allow: 'GET' } };
    }
    if (second === undefined) return this.#fileForm(first, undefined, query);
    if (segments.length === 2 && FILE_FORM.test(second)) return this.#fileForm(second, first, query);
    if (/\.(?:ya?ml|properties|json)/.test(second)) throw new Refusal(404);
    if (segments.length > 2 && query.has('useDefaultLabel')) {
      return this.#resource(
        { application: first, profiles: second, label: undefined },
        segments.slice(2),
        request,
        query,
      );
    }
    const asked = { application: first, profiles: second, label: third };
    if (segments.length > 3) return this.#resource(asked, segments.slice(3), request, query);
    const form = formOf(request.accept);
    if (form === undefined) throw new Refusal(third === undefined ? 406 : 404);
    const { environment } = await this.#environment(asked);
    const type = form === 'v2' ? { 'content-type': V2 } : JSON_TYPE;
    return reply(200, type, environmentJson(environment, form));
  }

  async #environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    if (!request.profiles.split(',').every((profile) => PROFILE.test(profile))) throw new Refusal(400);
    const { loaded } = await this.#state.current(request.label);
    const assembled = assembleEnvironment(loaded, request, this.#options);
    // A client must not start with half of its configuration. Undecryptable values are marked in the answer.
    const broken = assembled.problems.filter(({ severity, code }) => severity === 'error' && code !== 'undecryptable');
    if (broken.length > 0) throw new Refusal(500, broken.map(formatProblem).join('\n'));
    return assembled;
  }

  async #fileForm(file: string, label: string | undefined, query: URLSearchParams): Promise<SpringReply> {
    const [, application, profiles, extension] = FILE_FORM.exec(file) ?? [];
    if (application === undefined || profiles === undefined) throw new Refusal(404);
    const resolve = flagOf(query);
    const { environment } = await this.#environment({ application, profiles, label });
    if (extension === 'properties') return reply(200, TEXT, propertiesText(environment, resolve));
    if (extension === 'json') return reply(200, JSON_TYPE, jsonText(environment, resolve));
    return reply(200, TEXT, yamlText(environment, resolve));
  }

  async #resource(
    asked: EnvironmentRequest,
    segments: readonly string[],
    request: SpringRequest,
    query: URLSearchParams,
  ): Promise<SpringReply> {
    const resolve = flagOf(query);
    const { loaded } = await this.#state.current(asked.label);
    const path = segments.join('/');
    const dot = path.lastIndexOf('.') > path.lastIndexOf('/') ? path.lastIndexOf('.') : path.length;
    const variants = asked.profiles.split(',').map((profile) => {
      return profile === 'default' ? path : `${path.slice(0, dot)}-${profile}${path.slice(dot)}`;
    });
    for (const location of locationsOf(asked, this.#options.searchPaths ?? [])) {
      for (const variant of [...variants, path]) {
        const bytes = await loaded.tree.files.get(location + variant)?.read();
        if (bytes === undefined) continue;
        if (request.accept === 'application/octet-stream') {
          return reply(200, { 'content-type': request.accept }, bytes);
        }
        const text = bytes.toString('utf8');
        if (!resolve || !text.includes('${')) return reply(200, TEXT, text);
        return reply(200, TEXT, fillFrom(text, (await this.#environment(asked)).environment));
      }
    }
    return reply(404, {}, '');
  }

  #cipher(action: 'encrypt' | 'decrypt', { contentType, body }: SpringRequest): SpringReply {
    const { cipher } = this.#options;
    if (cipher === undefined) return noKey();
    if (contentType === undefined || body.length === 0) throw new Refusal(400);
    const text = bodyText(body.toString('utf8'), contentType, action === 'decrypt');
    if (text.startsWith('{cipher}')) return invalidCipher();
    const pairs = /^(?:\{(?!plain\})[^{}:]*:[^{}]*\})*/.exec(text)?.[0] ?? '';
    if (action === 'encrypt') {
      const kept = pairs.replace(/\{(?:name|profiles):[^{}]*\}/g, '');
      return reply(200, TEXT, kept + cipher.encrypt(text.slice(pairs.length).replace(/^\{plain\}/, '')));
    }
    try {
      return reply(200, TEXT, cipher.decrypt(text));
    } catch {
      return invalidCipher();
    }
  }
}

/** Any spelling of `..` is refused, also one that a second decoding would bring to light. */
function segmentsOf(path: string): readonly string[] {
  if (path.length > 1 && path.endsWith('/')) throw new Refusal(404);
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part) => {
    const decoded = decode(part.replace(/;.*$/s, '')).replaceAll('(_)', '/');
    const again = /%[0-9a-f]{2}/i.test(decoded) ? decode(decoded) : decoded;
    if (/\.\.|#|\0|\\/.test(decoded + again)) throw new Refusal(400);
    if (again.split('/').some((name) => name.toLowerCase() === '.git')) throw new Refusal(404);
    return decoded;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400);
  }
}

function formOf(accept: string | undefined): 'v1' | 'v2' | undefined {
  for (const entry of (accept ?? '*/*').split(',')) {
    const type = entry.replace(/;.*$/s, '').trim().toLowerCase();
    if (type === V2) return 'v2';
    if (['application/json', 'application/*', '*/*', ''].includes(type)) return 'v1';
  }
  return undefined;
}

function flagOf(query: URLSearchParams): boolean {
  const text = query.get('resolvePlaceholders') ?? 'true';
  if (!/^(?:true|false)$/i.test(text)) throw new Refusal(400);
  return text.toLowerCase() === 'true';
}

/** curl posts a form unless told otherwise: `a+b` means `a b`, and the `=` at the end was added. */
function bodyText(text: string, contentType: string, cipherText: boolean): string {
  if (/^text\/plain\b/i.test(contentType)) return text;
  let form = text;
  try {
    form = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not a form: literal.
  }
  form = form.replace(/=$/, '');
  return cipherText ? form.replaceAll(' ', '+') : form;
}

const noKey = (): SpringReply =>
  reply(404, JSON_TYPE, '{"description":"No key was installed for encryption service","status":"NO_KEY"}');
const invalidCipher = (): SpringReply =>
  reply(400, JSON_TYPE, '{"description":"Text not encrypted with this key","status":"INVALID"}');

function bootError(status: number, url: string, message: string): SpringReply {
  const path = url.replace(/\?.*$/s, '');
  const body = {
    timestamp: new Date().toISOString(),
    status,
    error: STATUS_CODES[status],
    ...(message === '' ? {} : { message }),
    path,
  };
  return reply(status, JSON_TYPE, JSON.stringify(body));
}

const reply = (status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): SpringReply => ({
  status,
  headers,
  body,
});
