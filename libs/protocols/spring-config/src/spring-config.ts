import {
  type AssembledEnvironment,
  type Environment,
  environmentJson,
  type EnvironmentBackend,
  type EnvironmentRequest,
  fillFrom,
  jsonText,
  propertiesText,
  type SymmetricCipher,
  yamlText,
} from '#config';
import { CardeaError, formatProblem } from '#kernel';
import { answerCipher, answerCipherStatus, noPublicKey } from './cipher-endpoints.ts';
import { decodeText, dispositionOf, formOf, textTypeOf, V2 } from './media-types.ts';
import { isKnown, RenderedTexts } from './rendered-texts.ts';
import { pathBelowPrefix, segmentsOf } from './request-path.ts';
import { bootError, JSON_TYPE, Refusal, reply, type SpringReply } from './spring-reply.ts';
import { concernedBy, verifyNotice } from './webhook.ts';

export interface SpringRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface SpringConfigOptions {
  readonly cipher?: SymmetricCipher | undefined;
  /** Path that all of this lies below: `/cfg`. */
  readonly prefix?: string;
  /** With it, notices of pushes must be signed. */
  readonly webhookSecret?: string | undefined;
}

const FILE_FORM = /^(.+)-([^-]+)\.(ya?ml|properties|json)$/;
const TEXT_TYPE = { 'content-type': 'text/plain' };
const WRITERS: Readonly<
  Record<string, readonly [Readonly<Record<string, string>>, (environment: Environment, resolve: boolean) => string]>
> = { properties: [TEXT_TYPE, propertiesText], json: [JSON_TYPE, jsonText] };
const OCTETS = 'application/octet-stream';
const PROFILE = /^[\p{L}\p{N}](?:[\p{L}\p{N}\-_.+@]*[\p{L}\p{N}])?$/u;
const STATUS_OF_FAULT: Readonly<Record<string, number>> = {
  'circular-placeholder': 400,
  'unknown-label': 404,
  'unknown-application': 404,
  'source-unavailable': 404,
  'unsigned-notice': 403,
};

/** Answers what Spring Cloud Config clients ask, as Spring's server does. */
export class SpringConfig {
  readonly #environments: EnvironmentBackend;
  readonly #cipher: SymmetricCipher | undefined;
  readonly #prefix: string;
  readonly #texts = new RenderedTexts();
  readonly #webhookSecret: string | undefined;

  constructor(environments: EnvironmentBackend, { cipher, prefix = '', webhookSecret }: SpringConfigOptions = {}) {
    this.#environments = environments;
    this.#cipher = cipher;
    this.#webhookSecret = webhookSecret;
    this.#prefix = prefix.replace(/^\/*|\/+$/g, '').replace(/^(?=.)/, '/');
  }

  async answer(request: SpringRequest): Promise<SpringReply> {
    const [path = '', query = ''] = request.url.split(/\?(.*)/s);
    try {
      if (path === '/monitor' && request.method === 'POST') return this.#monitor(request);
      const below = pathBelowPrefix(this.#prefix, path);
      if (below === undefined) throw new Refusal(404);
      return await this.#route(request, segmentsOf(below), new URLSearchParams(query));
    } catch (error) {
      if (error instanceof Refusal) return bootError(error.status, path, error.message);
      if (!(error instanceof CardeaError)) throw error;
      return bootError(STATUS_OF_FAULT[error.code] ?? 500, path, error.message);
    }
  }

  async #route(request: SpringRequest, segments: readonly string[], query: URLSearchParams): Promise<SpringReply> {
    const [first = '', second, third] = segments;
    if (request.method === 'POST' && (first === 'encrypt' || first === 'decrypt')) {
      return answerCipher(first, this.#cipher, headerOf(request, 'content-type'), request.body);
    }
    if (request.method === 'OPTIONS') return reply(200, { allow: 'GET,HEAD,OPTIONS' }, '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const error = bootError(405, request.url, '');
      return { ...error, headers: { ...error.headers, allow: 'GET' } };
    }
    if (first === 'encrypt' && second === 'status') return answerCipherStatus(this.#cipher);
    if (first === 'key' && (segments.length === 1 || segments.length === 3)) return noPublicKey();
    if (second === undefined) return this.#fileForm(first, undefined, request, query);
    if (segments.length === 2 && FILE_FORM.test(second)) return this.#fileForm(second, first, request, query);
    if (/\.(?:ya?ml|properties|json)/.test(second)) throw new Refusal(404);
    const asked = { application: first, profiles: second, label: third };
    if (segments.length > 2 && query.has('useDefaultLabel')) {
      return this.#resource({ ...asked, label: undefined }, segments.slice(2), request, query);
    }
    if (segments.length > 3) return this.#resource(asked, segments.slice(3), request, query);
    const form = formOf(headerOf(request, 'accept'));
    if (form === undefined) {
      if (third !== undefined) return reply(404, {}, '');
      const error = bootError(406, request.url, '');
      return { ...error, headers: { ...error.headers, accept: `application/json, ${V2}` } };
    }
    const assembled = await this.#environment(asked);
    const type = form === 'v2' ? { 'content-type': V2 } : JSON_TYPE;
    const headers = { ...type, ...dispositionOf(segments.at(-1) ?? '') };
    return this.#rendered(request, assembled, headers, form, (environment) => environmentJson(environment, form));
  }

  /** The host of a repository tells of a push: fetched at once, while the answer says whom it concerns. */
  #monitor(notice: SpringRequest): SpringReply {
    if (this.#webhookSecret !== undefined) verifyNotice(notice, this.#webhookSecret);
    void this.#environments.refresh().catch(() => undefined);
    return reply(200, JSON_TYPE, JSON.stringify(concernedBy(notice)));
  }

  async #environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    if (!request.profiles.split(',').every((profile) => PROFILE.test(profile))) throw new Refusal(400);
    const assembled = await this.#environments.environment(request);
    // A client must not start with half of its configuration. Undecryptable values are marked in the answer.
    const broken = assembled.problems.filter(({ severity, code }) => severity === 'error' && code !== 'undecryptable');
    if (broken.length > 0) throw new Refusal(500, broken.map(formatProblem).join('\n'));
    return assembled;
  }

  async #fileForm(
    file: string,
    label: string | undefined,
    request: SpringRequest,
    query: URLSearchParams,
  ): Promise<SpringReply> {
    const [, application, profiles, extension] = FILE_FORM.exec(file) ?? [];
    if (application === undefined || profiles === undefined) throw new Refusal(404);
    const resolve = flagOf(query);
    const assembled = await this.#environment({ application, profiles, label });
    const [type, write] = WRITERS[extension ?? ''] ?? [TEXT_TYPE, yamlText];
    const form = `${extension?.replace('yaml', 'yml')} ${resolve}`;
    return this.#rendered(request, assembled, type, form, (environment) => write(environment, resolve));
  }

  /** Clients that ask again with `If-None-Match` learn cheaply that nothing changed. */
  #rendered(
    request: SpringRequest,
    assembled: AssembledEnvironment,
    headers: Readonly<Record<string, string>>,
    form: string,
    render: (environment: Environment) => string,
  ): SpringReply {
    const rendered = this.#texts.of(assembled.environment, form, render);
    const validated = { etag: rendered.etag, ...stateHeaders(assembled) };
    if (isKnown(rendered, headerOf(request, 'if-none-match'))) return reply(304, validated, '');
    return reply(200, { ...headers, ...validated }, rendered.text);
  }

  async #resource(
    asked: EnvironmentRequest,
    segments: readonly string[],
    request: SpringRequest,
    query: URLSearchParams,
  ): Promise<SpringReply> {
    const resolve = flagOf(query);
    const found = await this.#environments.resource(asked, segments.join('/'));
    if (found === undefined) return reply(404, {}, '');
    const { file, modifiedAt } = found;
    const modified = modifiedAt === undefined ? {} : { 'last-modified': new Date(modifiedAt).toUTCString() };
    if (isUnmodified(modifiedAt, headerOf(request, 'if-modified-since'))) return reply(304, modified, '');
    const accept = headerOf(request, 'accept');
    const raw = accept === OCTETS;
    const headers = {
      ...modified,
      ...dispositionOf(segments.at(-1) ?? ''),
      'content-type': raw ? OCTETS : textTypeOf(accept),
    };
    const bytes = await file.read();
    if (raw) return reply(200, headers, bytes);
    const text = decodeText(bytes, headerOf(request, 'accept-charset'));
    if (!resolve || !text.includes('${')) return reply(200, headers, text);
    return reply(200, headers, fillFrom(text, (await this.#environment(asked)).environment));
  }
}

/** Tells clients, and people with curl, that something newer exists and why it is not served. */
function stateHeaders({ refused }: AssembledEnvironment): Readonly<Record<string, string>> {
  const [first] = refused;
  if (first === undefined) return {};
  // Header lines hold ASCII only.
  const problem = formatProblem(first).replaceAll(/[^\x20-\x7e]+/g, ' ');
  return { 'cardea-config-state': 'last-good', 'cardea-config-problem': problem };
}

/** Times in HTTP have whole seconds. */
function isUnmodified(modifiedAt: number | undefined, since: string | undefined): boolean {
  return modifiedAt !== undefined && since !== undefined && Math.floor(modifiedAt / 1_000) * 1_000 <= Date.parse(since);
}

function headerOf({ headers }: SpringRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function flagOf(query: URLSearchParams): boolean {
  const text = query.get('resolvePlaceholders') ?? 'true';
  if (!/^(?:true|false)$/i.test(text)) throw new Refusal(400);
  return text.toLowerCase() === 'true';
}
