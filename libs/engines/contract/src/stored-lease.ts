import type { InstanceInfo, StoredLease } from '#registry';
import { instanceInfo } from '#testing';

/** A stored lease with text that is easily mangled; `info` replaces single fields. */
export function storedLease(info: Partial<InstanceInfo> = {}, at = 1_760_000_000_000): StoredLease {
  return {
    info: instanceInfo({ metadata: { zone: 'a', naïve: 'né"\n' }, lastDirtyAt: at, ...info }),
    registeredAt: at,
    serviceUpAt: at,
    lastRenewalAt: at,
    expiresAt: at + 90_000,
  };
}
