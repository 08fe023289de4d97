import { type Clock, type InstanceStatus, systemClock } from '#kernel';
import { INSTANCE_STATUSES, type Lease, type LeaseRegistry } from '#registry';
import { FieldReader } from './field-reader.ts';
import { viewOf, type InstanceView } from './instance-view.ts';
import { invalidRequest, unknownInstance } from './problem-document.ts';
import { readRegistration } from './registration-request.ts';

export interface ServiceSummary {
  readonly name: string;
  readonly instances: number;
  readonly up: number;
}

export interface InstanceQuery {
  readonly service?: string | undefined;
  readonly id?: string | undefined;
  readonly status?: string | undefined;
  readonly limit?: string | undefined;
  readonly offset?: string | undefined;
}

export interface InstancePage {
  readonly index: number;
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly instances: readonly InstanceView[];
}

const MAX_PAGE = 50_000;

/** The plain JSON API without HTTP. Faults are thrown as `ApiFault`. */
export class RegistryApi {
  readonly #registry: LeaseRegistry;
  readonly #clock: Clock;

  constructor(registry: LeaseRegistry, clock: Clock = systemClock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** Registers or registers anew: the body's health counts, whatever the instance's status was. */
  register(service: string, body: Readonly<Record<string, unknown>>): InstanceView {
    const info = readRegistration(service, body, this.#clock.now());
    return viewOf(this.#registry.register(info, { believeStatus: true }));
  }

  renew(service: string, id: string): InstanceView {
    if (this.#registry.renew(service, id) !== 'renewed') throw unknownInstance(service, id);
    return this.instance(service, id);
  }

  remove(service: string, id: string): void {
    if (!this.#registry.cancel(service, id)) throw unknownInstance(service, id);
  }

  instance(service: string, id: string): InstanceView {
    return viewOf(this.#known(this.#registry.find(service, id), service, id));
  }

  /** An operator's word: it outlives what the instance says of itself until it is taken back. */
  overrideStatus(service: string, id: string, body: Readonly<Record<string, unknown>>): InstanceView {
    const read = new FieldReader(body, ['status']);
    const text = read.required('status', '"OUT_OF_SERVICE"');
    const status = text === '' ? 'UP' : read.oneOf('status', INSTANCE_STATUSES, 'UP');
    if (read.faults.length > 0) throw invalidRequest(read.faults);
    return viewOf(this.#known(this.#registry.setStatus(service, id, status), service, id));
  }

  /** Takes an override back; the instance is UP again until it says otherwise. */
  clearStatus(service: string, id: string): InstanceView {
    return viewOf(this.#known(this.#registry.deleteStatusOverride(service, id, 'UP'), service, id));
  }

  services(): { readonly index: number; readonly services: readonly ServiceSummary[] } {
    const services = [...this.#registry.apps()].map(([app, leases]) => ({
      name: app.toLowerCase(),
      instances: leases.size,
      up: [...leases.values()].filter((lease) => lease.info.status === 'UP').length,
    }));
    return { index: this.#registry.changes.index, services: services.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  }

  /** A service that nobody registered has no instances: asking for it is no mistake. */
  service(name: string): {
    readonly name: string;
    readonly index: number;
    readonly instances: readonly InstanceView[];
  } {
    const leases = [...(this.#registry.app(name)?.values() ?? [])];
    return {
      name: name.toLowerCase(),
      index: this.#registry.changes.index,
      instances: leases.map((lease) => viewOf(lease)),
    };
  }

  instances(query: InstanceQuery): InstancePage {
    const read = new FieldReader({ ...query }, ['service', 'id', 'status', 'limit', 'offset']);
    const limit = read.wholeNumber('limit', query.limit ?? '1000', 0, MAX_PAGE);
    const offset = read.wholeNumber('offset', query.offset ?? '0', 0, Number.MAX_SAFE_INTEGER);
    const wanted = query.status ? read.oneOf('status', INSTANCE_STATUSES, 'UP') : undefined;
    if (read.faults.length > 0) throw invalidRequest(read.faults);
    const found = this.#select(query, wanted);
    const instances = found.slice(offset, offset + limit).map((lease) => viewOf(lease));
    return { index: this.#registry.changes.index, total: found.length, limit, offset, instances };
  }

  #select({ service, id }: InstanceQuery, status: InstanceStatus | undefined): readonly Lease[] {
    const leases = service ? (this.#registry.app(service)?.values() ?? []) : this.#registry.leases();
    const matches = ({ info }: Lease): boolean =>
      (status === undefined || info.status === status) && (id === undefined || info.id === id);
    return [...leases].filter(matches);
  }

  #known(lease: Lease | undefined, service: string, id: string): Lease {
    if (lease === undefined) throw unknownInstance(service, id);
    return lease;
  }
}
