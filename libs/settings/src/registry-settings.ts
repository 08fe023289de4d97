import { duration, flag, integer, port, text } from './definition.ts';

/** Alone, a registry's port is `server.port`; beside a gateway it is `cardea.registry.port`. */
export const REGISTRY_SETTINGS = {
  registryPort: port('cardea.registry.port', 8761, 'port of the registry'),
  registryAddress: text('cardea.registry.address', '127.0.0.1', 'address that the registry listens on'),
  instanceId: text(
    'eureka.instance.instance-id',
    undefined,
    'own id: its instance is shown as the coordinating server',
  ),
  defaultOpenForTrafficCount: integer(
    'eureka.instance.registry.default-open-for-traffic-count',
    1,
    '0: refuse lists until the wait for copies is over',
    [0, 1_000_000],
    { aliases: ['eureka.server.default-open-for-traffic-count'] },
  ),
  enableSelfPreservation: flag(
    'eureka.server.enable-self-preservation',
    true,
    'keep instances when many go silent at once',
  ),
  renewalPercentThreshold: text(
    'eureka.server.renewal-percent-threshold',
    '0.85',
    'share of renewals below which that happens',
  ),
  evictionIntervalMs: duration(
    'eureka.server.eviction-interval-timer-in-ms',
    0,
    '0: leases leave when they run out; otherwise at ticks this far apart (the reference: 60000)',
  ),
  useReadOnlyResponseCache: flag(
    'eureka.server.use-read-only-response-cache',
    false,
    'answer lists from a copy that is renewed at ticks (the reference: true)',
  ),
  responseCacheUpdateIntervalMs: duration(
    'eureka.server.response-cache-update-interval-ms',
    30_000,
    'how far those ticks are apart',
  ),
  responseCacheAutoExpirationMs: duration(
    'eureka.server.response-cache-auto-expiration-in-seconds',
    180_000,
    'longest that an unchanged list is kept',
    { unit: 's' },
  ),
  disableDelta: flag('eureka.server.disable-delta', false, 'refuse apps/delta, so that clients fetch everything'),
  deltaRetentionMs: duration(
    'eureka.server.retention-time-in-m-s-in-delta-queue',
    180_000,
    'how long apps/delta remembers a change',
  ),
  waitWhenSyncEmptyMs: duration(
    'eureka.server.wait-time-in-ms-when-sync-empty',
    300_000,
    'how long lists are refused when nothing was copied',
  ),
  syncWhenTimestampDiffers: flag(
    'eureka.server.sync-when-timestamp-differs',
    true,
    'compare lastDirtyTimestamp at heartbeats',
  ),
  exactExpiry: flag('cardea.registry.exact-expiry', true, 'end leases after their duration, not after twice that'),
  selfPreservationMinimum: integer(
    'cardea.registry.self-preservation-minimum',
    5,
    'fewer missing instances than this are never held',
    [1, 1_000_000],
  ),
  selfPreservationLimitMs: duration(
    'cardea.registry.self-preservation-limit-ms',
    900_000,
    'how long instances are held while most of the others renew',
  ),
} as const;
