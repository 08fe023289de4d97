import type { EnvironmentRequest, KeyExplanation } from '#config';
import { CardeaError } from '#kernel';

/** Asks a config server over HTTP. Failures are `CardeaError`s that say what to do. */
export class ConfigClient {
  readonly #base: string;

  /** `url` of the config server: `http://127.0.0.1:8888`. */
  constructor(url: string) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new CardeaError('bad-url', `"${url}" is no URL of a config server`, {
        source: 'downstream',
        remedy: 'write it like http://127.0.0.1:8888',
      });
    }
    this.#base = url.replace(/\/+$/, '');
  }

  explain({ application, profiles, label }: EnvironmentRequest, key: string): Promise<KeyExplanation> {
    const segments = [application, profiles, ...(label === undefined ? [] : [label.replaceAll('/', '(_)')])];
    return this.#get(`${segments.map(encodeURIComponent).join('/')}/explain?key=${encodeURIComponent(key)}`);
  }

  async #get<T>(path: string): Promise<T> {
    const response = await this.#fetch(path);
    const text = await response.text();
    if (!response.ok) throw this.#refusal(response.status, text);
    const value: T = JSON.parse(text);
    return value;
  }

  async #fetch(path: string): Promise<Response> {
    try {
      return await fetch(`${this.#base}/api/v1/config/${path}`, { signal: AbortSignal.timeout(10_000) });
    } catch (cause) {
      throw new CardeaError('config-unreachable', `no config server answers at ${this.#base}`, {
        source: 'upstream',
        retry: 'yes',
        cause,
        remedy: 'start it (`cardea up` or `cardea config-server`), or say where it is with --config-server URL',
      });
    }
  }

  #refusal(status: number, text: string): CardeaError {
    let detail = `${this.#base} answered ${status}`;
    try {
      const problem: { readonly detail?: string } = JSON.parse(text);
      detail = problem.detail ?? detail;
    } catch {
      // Whatever answered there, it was no config server of ours.
    }
    const remedy = 'see that the label exists, and that it is a config server of Cardea';
    return new CardeaError('config-refused', detail, { source: 'upstream', remedy });
  }
}
