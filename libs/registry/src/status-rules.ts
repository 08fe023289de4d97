import type { InstanceStatus } from '#kernel';

export const INSTANCE_STATUSES: readonly InstanceStatus[] = ['UP', 'DOWN', 'STARTING', 'OUT_OF_SERVICE', 'UNKNOWN'];

export function isInstanceStatus(text: string): text is InstanceStatus {
  return (INSTANCE_STATUSES as readonly string[]).includes(text);
}

export interface StatusClaim {
  readonly incoming: InstanceStatus;
  readonly override: InstanceStatus | undefined;
  /** Status of the lease in force. Left out when the sender is believed over it, as a peer registry is. */
  readonly existing: InstanceStatus | undefined;
}

/**
 * Which status an instance gets, first match: DOWN, STARTING and UNKNOWN are believed; then an operator's override; then
 * an existing UP or OUT_OF_SERVICE lease; then the sender. Order of Netflix's FirstMatchWinsCompositeRule.
 */
export function resolveStatus(claim: StatusClaim): InstanceStatus {
  if (claim.incoming !== 'UP' && claim.incoming !== 'OUT_OF_SERVICE') return claim.incoming;
  if (claim.override !== undefined) return claim.override;
  if (claim.existing === 'UP' || claim.existing === 'OUT_OF_SERVICE') return claim.existing;
  return claim.incoming;
}
