import { CardeaError } from '#kernel';
import type { InstanceView } from './instance-view.ts';
import type { ProblemDocument } from './problem-document.ts';
import type { InstancePage, InstanceQuery, ServiceSummary } from './registry-api.ts';

/** Asks a registry over HTTP. Failures are `CardeaError`s with the remedy that the registry gave. */
export class RegistryClient {
  readonly #base: string;

  /** `url` of the registry: `http://127.0.0.1:8761`. */
  constructor(url: string) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new CardeaError('bad-url', `"${url}" is no URL of a registry`, {
        source: 'downstream',
        remedy: 'write it like http://127.0.0.1:8761',
      });
    }
    this.#base = url.replace(/\/+$/, '');
  }

  async services(): Promise<readonly ServiceSummary[]> {
    const { services } = await this.#call<{ services: readonly ServiceSummary[] }>('GET', 'services');
    return services;
  }

  instances(query: InstanceQuery = {}): Promise<InstancePage> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.#call('GET', `instances?${new URLSearchParams(given).toString()}`);
  }

  overrideStatus(service: string, id: string, status: InstanceView['status']): Promise<InstanceView> {
    return this.#call('PUT', `${pathOf(service, id)}/status`, { status });
  }

  clearStatus(service: string, id: string): Promise<InstanceView> {
    return this.#call('DELETE', `${pathOf(service, id)}/status`);
  }

  async remove(service: string, id: string): Promise<void> {
    await this.#call('DELETE', pathOf(service, id));
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#fetch(method, path, body);
    const text = await response.text();
    if (!response.ok) throw this.#refusal(response.status, text);
    const value: T = JSON.parse(text === '' ? 'null' : text);
    return value;
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${this.#base}/api/v1/${path}`, {
        method,
        signal: AbortSignal.timeout(10_000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new CardeaError('registry-unreachable', `no registry answers at ${this.#base}`, {
        source: 'upstream',
        retry: 'yes',
        cause,
        remedy: 'start it (`cardea up` or `cardea registry`), or say where it is with --registry URL',
      });
    }
  }

  #refusal(status: number, text: string): CardeaError {
    let problem: Partial<ProblemDocument> = {};
    try {
      problem = JSON.parse(text);
    } catch {
      // Whatever answered there, it was no registry of ours.
    }
    const { detail = `${this.#base} answered ${status}`, remedy = 'see that it is a registry of Cardea' } = problem;
    return new CardeaError('registry-refused', detail, { source: 'upstream', remedy });
  }
}

function pathOf(service: string, id: string): string {
  return `services/${encodeURIComponent(service)}/instances/${encodeURIComponent(id)}`;
}
