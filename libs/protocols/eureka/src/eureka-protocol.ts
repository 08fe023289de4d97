import { type Clock, systemClock } from '#kernel';
import type { LeaseRegistry } from '#registry';
import { InstanceResource } from './instance-resource.ts';
import { JsonEncoder } from './json-encoder.ts';
import { ListResource } from './list-resource.ts';
import { Payloads } from './payloads.ts';
import { ReplicationBatch } from './replication-batch.ts';

export interface EurekaProtocolOptions {
  /** Instance id of this server, if it registers with itself: `isCoordinatingDiscoveryServer`. */
  readonly ownInstanceId?: string | undefined;
  readonly disableDelta?: boolean;
  readonly responseCacheAutoExpirationMs?: number;
  /** 0: no read-only cache, changes show at once. */
  readonly readOnlyCacheIntervalMs?: number;
  /** False while lists must be refused: see `ListResourceOptions.isOpen`. */
  readonly isOpen?: () => boolean;
  readonly clock?: Clock;
}

/** The Eureka server protocol over a registry, without HTTP: what the controller answers with. */
export class EurekaProtocol {
  readonly lists: ListResource;
  readonly instances: InstanceResource;
  readonly batch: ReplicationBatch;

  constructor(registry: LeaseRegistry, options: EurekaProtocolOptions = {}) {
    const clock = options.clock ?? systemClock;
    const payloads = new Payloads(registry, clock, {
      ownInstanceId: options.ownInstanceId,
      autoExpireMs: options.responseCacheAutoExpirationMs ?? 180_000,
      readOnlyIntervalMs: options.readOnlyCacheIntervalMs ?? 0,
    });
    this.lists = new ListResource(payloads, {
      disableDelta: options.disableDelta ?? false,
      isOpen: options.isOpen ?? (() => true),
    });
    this.instances = new InstanceResource(registry, payloads, clock);
    this.batch = new ReplicationBatch(registry, new JsonEncoder('full', options.ownInstanceId), clock);
  }
}
