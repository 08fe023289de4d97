import { EventEmitter } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Consul from 'consul';
import type { Indexed } from './blocking-query.ts';
import type { CatalogEntry } from './catalog-instance.ts';

/** Longest that Consul holds a query back, s. Consul adds up to a sixteenth to it. */
const WAIT_S = 30;
const WAIT_LIMIT_MS = 35_000;
/** Longest for an answer that does not wait, ms. */
const LIMIT_MS = 5_000;
const MAX_SAID_CHARS = 200;

/** Fields of the package's options that its types leave out. */
interface QueryOptions {
  readonly index: number;
  readonly wait: string;
  readonly timeout: number;
  readonly ctx: EventEmitter;
  readonly token?: string;
}

type Answer = readonly [IncomingMessage, unknown];

/** The two questions that discovery asks Consul. Index 0 is answered at once, others when there is something newer. */
export class CatalogClient {
  readonly #consul: Consul;
  readonly #token: string | undefined;

  /** `url`: `consul://HOST[:8500]`, or `consul+https://HOST[:8501]`. */
  constructor(url: string, token: string | undefined) {
    this.#token = token;
    const base = httpUrlOf(url);
    const Agent = base.protocol === 'https:' ? HttpsAgent : HttpAgent;
    // Connects to what stands between the brackets of an IPv6 address, which the package takes for a name.
    const agent = new Agent({ keepAlive: true, host: base.hostname.replaceAll(/[[\]]/g, '') });
    // The types do not know `baseUrl`, and a host and a port would lose the path.
    const options = { baseUrl: `${base.href.replace(/\/+$/, '')}/v1`, agent };
    this.#consul = new Consul(options);
  }

  async serviceNames(index: number, signal: AbortSignal): Promise<Indexed<readonly string[]>> {
    const [response, body] = await this.#ask((options) => this.#consul.catalog.services(options), index, signal);
    // Consul compares names without case, and answers for all spellings at once.
    const names = [...new Set(Object.keys(isObject(body) ? body : {}).map((name) => name.toLowerCase()))];
    if (names.length === 0 && response.headers['x-consul-results-filtered-by-acls'] === 'true') {
      throw new Error('its access rules let the token see no service');
    }
    return { index: indexOf(response), value: names };
  }

  async instances(service: string, index: number, signal: AbortSignal): Promise<Indexed<readonly CatalogEntry[]>> {
    const ask = (options: QueryOptions) => this.#consul.health.service({ ...options, service });
    const [response, body] = await this.#ask(ask, index, signal);
    const value: readonly CatalogEntry[] = Array.isArray(body) ? body : [];
    return { index: indexOf(response), value };
  }

  close(): void {
    this.#consul.destroy();
  }

  async #ask(call: (options: QueryOptions) => Promise<unknown>, index: number, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const context = Object.assign(new EventEmitter(), { includeResponse: true });
    const cancel = (): void => void context.emit('cancel');
    signal.addEventListener('abort', cancel, { once: true });
    const timeout = index === 0 ? LIMIT_MS : WAIT_LIMIT_MS;
    try {
      const token = this.#token ? { token: this.#token } : {};
      const answer = await call({ index, wait: `${WAIT_S}s`, timeout, ctx: context, ...token });
      if (!isAnswer(answer)) throw this.#reasonOf(answer);
      return answer;
    } catch (error) {
      throw this.#reasonOf(error);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** A new error: those of the package lead to the request, and that to the token. */
  #reasonOf(error: unknown): Error {
    if (!isObject(error)) return new Error(String(error));
    const { response, message, code, isTimeout } = error;
    if (isObject(response) && typeof response['statusCode'] === 'number') {
      const body = response['body'];
      const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString().trim() : '';
      const said = this.#token ? text.replaceAll(this.#token, '(token)') : text;
      const words = said === '' ? '' : `: ${said.slice(0, MAX_SAID_CHARS).replaceAll('\n', ' | ')}`;
      return new Error(`it answers ${response['statusCode']}${words}`);
    }
    if (isTimeout === true) return new Error('it does not answer in time');
    return Object.assign(new Error(String(message)), typeof code === 'string' && { code });
  }
}

function httpUrlOf(url: string): URL {
  const secure = /^consul\+https:/i.test(url);
  const base = new URL(url.replace(/^[^:]+:/, secure ? 'https:' : 'http:'));
  // Of the address as it is written: the port of HTTP itself is a port like others here.
  if (new URL(url).port === '') base.port = secure ? '8501' : '8500';
  base.search = '';
  base.hash = '';
  return base;
}

function indexOf({ headers }: IncomingMessage): number {
  const index = Number(headers['x-consul-index']);
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw new Error('its answer has no X-Consul-Index: it is no Consul, or something in between takes headers away');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isAnswer(value: unknown): value is Answer {
  return Array.isArray(value) && value.length >= 2 && isObject(value[0]) && 'headers' in value[0];
}
