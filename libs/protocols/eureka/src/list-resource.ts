import { header, type EurekaRequest } from './eureka-request.ts';
import { acceptsGzip, detailOf, negotiateList } from './negotiation.ts';
import type { Form, Payload, Payloads } from './payloads.ts';
import { FORBIDDEN, NOT_ACCEPTABLE, NOT_FOUND, type EurekaReply } from './reply.ts';

export interface ListResourceOptions {
  readonly disableDelta: boolean;
  /** False in the start-up window: a registry that has copied nothing yet must not tell clients that nobody is there. */
  isOpen(): boolean;
}

/** The GETs that answer many instances. */
export class ListResource {
  readonly #payloads: Payloads;
  readonly #options: ListResourceOptions;

  constructor(payloads: Payloads, options: ListResourceOptions) {
    this.#payloads = payloads;
    this.#options = options;
  }

  all(request: EurekaRequest): Promise<EurekaReply> {
    return this.#reply(request, true, (form) => this.#payloads.all(form));
  }

  delta(request: EurekaRequest): Promise<EurekaReply> {
    if (this.#options.disableDelta) return Promise.resolve(FORBIDDEN);
    return this.#reply(request, true, (form) => this.#payloads.delta(form));
  }

  application(name: string, request: EurekaRequest): Promise<EurekaReply> {
    return this.#reply(request, false, (form) => this.#payloads.application(name, form));
  }

  byVip(address: string, secure: boolean, request: EurekaRequest): Promise<EurekaReply> {
    return this.#reply(request, false, (form) => this.#payloads.byVip(address, secure, form));
  }

  /** Like Spring's server, only the two big lists are compressed. */
  async #reply(
    request: EurekaRequest,
    compressed: boolean,
    find: (form: Form) => Payload | undefined,
  ): Promise<EurekaReply> {
    const syntax = negotiateList(header(request, 'accept'));
    if (syntax === undefined) return NOT_ACCEPTABLE;
    if (!this.#options.isOpen()) return FORBIDDEN;
    const payload = find({ syntax, detail: detailOf(header(request, 'x-eureka-accept')) });
    if (payload === undefined) return NOT_FOUND;
    const { contentType } = payload;
    if (!compressed || !acceptsGzip(header(request, 'accept-encoding'))) {
      return { status: 200, contentType, body: payload.bytes };
    }
    const headers = { 'content-encoding': 'gzip' };
    return { status: 200, contentType, body: await payload.gzipped(), headers };
  }
}
