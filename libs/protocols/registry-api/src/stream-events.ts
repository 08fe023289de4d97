import type { ChangeType } from '#registry';
import type { InstanceView } from './instance-view.ts';

/** First event of a stream: everything that is there. */
export interface RegistrySnapshot {
  readonly index: number;
  /**
   * When the registry began, epoch ms: the name of a run. From another run, what is missing may only not have registered
   * again yet; from the same run it has left. Absent from registries that do not tell.
   */
  readonly startedAt?: number;
  readonly instances: readonly InstanceView[];
}

export interface InstanceChange {
  readonly type: ChangeType;
  readonly instance: InstanceView;
}

export interface RegistryChanges {
  /** Index after these changes. */
  readonly index: number;
  readonly changes: readonly InstanceChange[];
}
