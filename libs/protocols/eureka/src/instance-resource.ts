import type { Clock } from '#kernel';
import { isInstanceStatus, type Lease, type LeaseRegistry } from '#registry';
import { dirtyTimestamp, header, isReplication, parameter, type EurekaRequest } from './eureka-request.ts';
import { UnreadableBody, type InstanceDraft } from './instance-draft.ts';
import { decodeJsonInstance } from './json-decoder.ts';
import { negotiate, requestType, type RequestType } from './negotiation.ts';
import type { Payloads } from './payloads.ts';
import { toRegistration } from './registration.ts';
import {
  BAD_REQUEST,
  NO_CONTENT,
  NOT_ACCEPTABLE,
  NOT_FOUND,
  OK,
  UNSUPPORTED_MEDIA_TYPE,
  type EurekaReply,
} from './reply.ts';

/** Registration, heartbeat, cancellation, status and metadata of one instance. */
export class InstanceResource {
  readonly #registry: LeaseRegistry;
  readonly #payloads: Payloads;
  readonly #clock: Clock;

  constructor(registry: LeaseRegistry, payloads: Payloads, clock: Clock) {
    this.#registry = registry;
    this.#payloads = payloads;
    this.#clock = clock;
  }

  async register(app: string, request: EurekaRequest): Promise<EurekaReply> {
    const type = requestType(header(request, 'content-type'));
    if (type === undefined) return UNSUPPORTED_MEDIA_TYPE;
    const draft = await decode(request.body, type);
    if (draft instanceof UnreadableBody) return unreadable(request);
    const registration = toRegistration(draft, app, this.#clock.now());
    if (!registration.ok) return { status: 400, contentType: textType(request), body: registration.fault };
    this.#registry.register(registration.info, { believeStatus: isReplication(request) });
    return NO_CONTENT;
  }

  heartbeat(app: string, id: string, request: EurekaRequest): EurekaReply {
    const lastDirtyAt = dirtyTimestamp(request);
    if (lastDirtyAt === 'invalid') return BAD_REQUEST;
    const overridden = parameter(request, 'overriddenstatus') ?? '';
    const outcome = this.#registry.renew(app, id, {
      lastDirtyAt,
      replication: isReplication(request),
      overriddenStatus: isInstanceStatus(overridden) ? overridden : undefined,
    });
    if (outcome === 'conflict') return { ...this.instance(app, id, request), status: 409 };
    return outcome === 'renewed' ? OK : NOT_FOUND;
  }

  cancel(app: string, id: string): EurekaReply {
    return this.#registry.cancel(app, id) ? OK : NOT_FOUND;
  }

  instance(app: string, id: string, request: EurekaRequest): EurekaReply {
    return this.#one(this.#registry.find(app, id), request);
  }

  instanceById(id: string, request: EurekaRequest): EurekaReply {
    return this.#one(this.#registry.findById(id), request);
  }

  setStatus(app: string, id: string, request: EurekaRequest): EurekaReply {
    const status = parameter(request, 'value') ?? '';
    const lastDirtyAt = dirtyTimestamp(request);
    if (this.#registry.find(app, id) === undefined) return NOT_FOUND;
    if (!isInstanceStatus(status) || lastDirtyAt === 'invalid') return BAD_REQUEST;
    return this.#registry.setStatus(app, id, status, lastDirtyAt) ? OK : NOT_FOUND;
  }

  deleteStatusOverride(app: string, id: string, request: EurekaRequest): EurekaReply {
    const status = parameter(request, 'value') ?? 'UNKNOWN';
    const lastDirtyAt = dirtyTimestamp(request);
    if (this.#registry.find(app, id) === undefined) return NOT_FOUND;
    if (!isInstanceStatus(status) || lastDirtyAt === 'invalid') return BAD_REQUEST;
    return this.#registry.deleteStatusOverride(app, id, status, lastDirtyAt) ? OK : NOT_FOUND;
  }

  /** Merges the query parameters; of a repeated one the first counts, an empty one is kept. */
  mergeMetadata(app: string, id: string, request: EurekaRequest): EurekaReply {
    const names = Object.keys(request.query);
    const metadata = Object.fromEntries(names.map((name) => [name, parameter(request, name) ?? '']));
    return this.#registry.mergeMetadata(app, id, metadata) ? OK : NOT_FOUND;
  }

  #one(lease: Lease | undefined, request: EurekaRequest): EurekaReply {
    const syntax = negotiate(header(request, 'accept'));
    if (syntax === undefined) return NOT_ACCEPTABLE;
    if (lease === undefined) return NOT_FOUND;
    const encoder = this.#payloads.encoder({ syntax, detail: 'full' });
    return { status: 200, contentType: encoder.contentType, body: encoder.instance(lease) };
  }
}

async function decode(body: Buffer, { syntax, encoding }: RequestType): Promise<InstanceDraft | UnreadableBody> {
  try {
    const text = body.toString(encoding);
    if (syntax === 'json') return decodeJsonInstance(text);
    // Few clients send XML, and its parser takes 10 MB.
    const { decodeXmlInstance } = await import('./xml-decoder.ts');
    return decodeXmlInstance(text);
  } catch (error) {
    if (error instanceof UnreadableBody) return error;
    throw error;
  }
}

function textType(request: EurekaRequest): string {
  return negotiate(header(request, 'accept')) === 'json' ? 'application/json' : 'application/xml';
}

function unreadable(request: EurekaRequest): EurekaReply {
  const contentType = textType(request);
  const json = contentType === 'application/json';
  const body = json
    ? '{"error": "cannot parse request body"}'
    : '<error><message>cannot parse request body</message></error>';
  return { status: 400, contentType, body };
}
