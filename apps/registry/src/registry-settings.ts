import { CardeaError } from '#kernel';

/**
 * What a registry can be told. Names follow the Spring keys they are read from: `eureka.server.disable-delta` is
 * `eureka.server.disableDelta`. Where a default differs from Netflix's, its comment says so.
 */
export interface RegistrySettings {
  readonly server: {
    /** `server.port`; 0 picks a free one. */
    readonly port: number;
    /** `server.address`. */
    readonly address: string;
  };
  /** `cardea.data-dir`: leases are kept in `registry/` below it. Undefined: a restart forgets everybody. */
  readonly dataDir?: string | undefined;
  readonly eureka: {
    readonly instance: {
      /** `eureka.instance.instance-id`: own id, shown as coordinating server. */
      readonly instanceId?: string | undefined;
      /** `eureka.instance.registry.default-open-for-traffic-count`; 0 refuses lists until `waitTimeInMsWhenSyncEmpty`. */
      readonly defaultOpenForTrafficCount: number;
    };
    readonly server: EurekaServerSettings;
  };
  /** `cardea.registry.*` */
  readonly registry: {
    /** True: a lease ends when its duration has passed. False: after twice that once renewed, as the reference does. */
    readonly exactExpiry: boolean;
    /** Fewer instances than this that go silent together are never held by self-preservation. */
    readonly selfPreservationMinimum: number;
    /** How long self-preservation holds what is missing while most others renew, ms. */
    readonly selfPreservationLimitMs: number;
  };
}

/** `eureka.server.*` */
export interface EurekaServerSettings {
  readonly enableSelfPreservation: boolean;
  readonly renewalPercentThreshold: number;
  /** 0 (our default; reference 60000): leases leave when they run out, not at ticks. */
  readonly evictionIntervalTimerInMs: number;
  /** False (reference: true): changes show at once, not at the next tick of `responseCacheUpdateIntervalMs`. */
  readonly useReadOnlyResponseCache: boolean;
  readonly responseCacheUpdateIntervalMs: number;
  readonly responseCacheAutoExpirationInSeconds: number;
  readonly disableDelta: boolean;
  readonly retentionTimeInMSInDeltaQueue: number;
  readonly waitTimeInMsWhenSyncEmpty: number;
  readonly syncWhenTimestampDiffers: boolean;
}

export const DEFAULT_REGISTRY_SETTINGS: RegistrySettings = {
  server: { port: 8761, address: '127.0.0.1' },
  eureka: {
    instance: { defaultOpenForTrafficCount: 1 },
    server: {
      enableSelfPreservation: true,
      renewalPercentThreshold: 0.85,
      evictionIntervalTimerInMs: 0,
      useReadOnlyResponseCache: false,
      responseCacheUpdateIntervalMs: 30_000,
      responseCacheAutoExpirationInSeconds: 180,
      disableDelta: false,
      retentionTimeInMSInDeltaQueue: 180_000,
      waitTimeInMsWhenSyncEmpty: 300_000,
      syncWhenTimestampDiffers: true,
    },
  },
  registry: { exactExpiry: true, selfPreservationMinimum: 5, selfPreservationLimitMs: 900_000 },
};

/** Refuses values that no registry can run with, by the name of the key and with what to write instead. */
export function checkRegistrySettings({ server, eureka }: RegistrySettings): void {
  if (!Number.isInteger(server.port) || server.port < 0 || server.port > 65_535) {
    throw refusal(`server.port is ${server.port}`, 'give a port from 1 to 65535, or 0 for a free one');
  }
  if (server.address.trim() === '') {
    throw refusal('server.address is empty', 'give the address to listen on, for example 127.0.0.1');
  }
  const share = eureka.server.renewalPercentThreshold;
  if (!(share > 0 && share <= 1)) {
    const key = 'eureka.server.renewal-percent-threshold';
    throw refusal(`${key} is ${share}`, 'give a share above 0 and up to 1, for example 0.85');
  }
  for (const [name, value] of Object.entries(eureka.server)) {
    if (typeof value === 'number' && !(value >= 0)) {
      throw refusal(`eureka.server.${name} is ${value}`, 'give a number of 0 or more');
    }
  }
}

function refusal(what: string, remedy: string): CardeaError {
  return new CardeaError('bad-setting', what, { source: 'downstream', remedy });
}
