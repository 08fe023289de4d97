import { promisify } from 'node:util';
import { gzip as zlibGzip } from 'node:zlib';
import type { Clock } from '#kernel';
import type { Lease, LeaseRegistry } from '#registry';
import { JsonEncoder } from './json-encoder.ts';
import type { ApplicationContent, ApplicationsContent, Detail, Encoder, Syntax } from './representation.ts';
import { XmlEncoder } from './xml-encoder.ts';

const gzip = promisify(zlibGzip);

/** Bytes of an answer, and their gzip made at most once. */
export class Payload {
  readonly contentType: string;
  readonly bytes: Buffer;
  #gzipped: Promise<Buffer> | undefined;

  constructor(contentType: string, text: string) {
    this.contentType = contentType;
    this.bytes = Buffer.from(text);
  }

  gzipped(): Promise<Buffer> {
    return (this.#gzipped ??= gzip(this.bytes, { level: 6 }));
  }
}

export interface Form {
  readonly syntax: Syntax;
  readonly detail: Detail;
}

export interface PayloadOptions {
  readonly ownInstanceId?: string | undefined;
  /** How long an unchanged answer is kept, ms: its renewal times are as old. */
  readonly autoExpireMs: number;
  /** 0: changes show at once. Otherwise answers are renewed at ticks of this length on the wall clock, as the reference does. */
  readonly readOnlyIntervalMs: number;
}

interface Kept {
  readonly payload: Payload | undefined;
  readonly revision: number;
  /** Monotonic ms. */
  readonly staleAt: number;
  /** Epoch ms: with a read-only cache the answer is not looked at again before. */
  readonly frozenUntil: number;
}

/** A vip or svip that nobody asks for any more must not be kept for ever. */
const MAX_KEPT = 10_000;

/** Answers to list requests, kept until something changes. */
export class Payloads {
  readonly #registry: LeaseRegistry;
  readonly #clock: Clock;
  readonly #options: PayloadOptions;
  readonly #encoders: Readonly<Record<Syntax, Readonly<Record<Detail, Encoder>>>>;
  readonly #kept = new Map<string, Kept>();
  #deltaVersion = 0;

  constructor(registry: LeaseRegistry, clock: Clock, options: PayloadOptions) {
    this.#registry = registry;
    this.#clock = clock;
    this.#options = options;
    const own = options.ownInstanceId;
    this.#encoders = {
      json: { full: new JsonEncoder('full', own), compact: new JsonEncoder('compact', own) },
      xml: { full: new XmlEncoder('full', own), compact: new XmlEncoder('compact', own) },
    };
  }

  encoder({ syntax, detail }: Form): Encoder {
    return this.#encoders[syntax][detail];
  }

  all(form: Form): Payload {
    return this.#applications('all', form, () => {
      const applications = [...this.#registry.apps()].map(([name, leases]) => content(name, leases.values()));
      return { applications, version: '1', hash: this.#registry.hash() };
    });
  }

  /** The hash is that of the whole registry: clients check their copy against it. Every new answer has a new version. */
  delta(form: Form): Payload {
    return this.#applications('delta', form, () => ({
      applications: grouped(this.#registry.delta.leases()),
      version: String(++this.#deltaVersion),
      hash: this.#registry.hash(),
    }));
  }

  /** Instances whose comma-separated list of addresses holds exactly `address`. */
  byVip(address: string, secure: boolean, form: Form): Payload {
    return this.#applications(`${secure ? 'svip' : 'vip'} ${address}`, form, () => {
      const leases: Lease[] = [];
      for (const lease of this.#registry.leases()) {
        const list = secure ? lease.info.secureVipAddress : lease.info.vipAddress;
        if (list?.split(',').some((vip) => vip.trim() === address) === true) leases.push(lease);
      }
      return { applications: grouped(leases), version: '-1', hash: hashOf(leases) };
    });
  }

  application(name: string, form: Form): Payload | undefined {
    return this.#keep(`app ${name.toUpperCase()}`, form, (encoder) => {
      const leases = this.#registry.app(name);
      return leases && encoder.application(content(name.toUpperCase(), leases.values()));
    });
  }

  #applications(key: string, form: Form, build: () => ApplicationsContent): Payload {
    const payload = this.#keep(key, form, (encoder) => encoder.applications(build()));
    if (payload === undefined) throw new Error('a list of applications is never absent');
    return payload;
  }

  #keep(key: string, form: Form, build: (encoder: Encoder) => string | undefined): Payload | undefined {
    // Old changes leave the delta by themselves; everything else moves with the change feed only.
    const revision = key === 'delta' ? this.#registry.delta.revision : this.#registry.changes.index;
    const fullKey = `${form.syntax} ${form.detail} ${key}`;
    const kept = this.#kept.get(fullKey);
    const { autoExpireMs, readOnlyIntervalMs } = this.#options;
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    if (kept !== undefined && now < kept.frozenUntil) return kept.payload;
    if (kept !== undefined && kept.revision === revision && monotonic < kept.staleAt) return kept.payload;
    const encoder = this.encoder(form);
    const text = build(encoder);
    const payload = text === undefined ? undefined : new Payload(encoder.contentType, text);
    const frozenUntil = readOnlyIntervalMs > 0 ? now + readOnlyIntervalMs - (now % readOnlyIntervalMs) : 0;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(fullKey, { payload, revision, staleAt: monotonic + autoExpireMs, frozenUntil });
    return payload;
  }
}

function content(name: string, leases: Iterable<Lease>): ApplicationContent {
  return { name, leases: [...leases] };
}

function grouped(leases: Iterable<Lease>): readonly ApplicationContent[] {
  return [...Map.groupBy(leases, (lease) => lease.info.app)].map(([name, group]) => content(name, group));
}

function hashOf(leases: readonly Lease[]): string {
  const groups = Map.groupBy(leases, (lease) => lease.info.status);
  return [...groups.keys()]
    .sort()
    .map((status) => `${status}_${groups.get(status)?.length ?? 0}_`)
    .join('');
}
