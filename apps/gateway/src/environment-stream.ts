import type { PropertySource } from '#config';
import type { Problem } from '#kernel';
import { reasonOf } from './guarded-stream.ts';
import { watchEnvironment, type WatchEnvironmentOptions } from '#protocols/config-api';

export interface ConfigurationEvents {
  /** Strongest first. `commit` names the state, as far as the source has names for states. */
  onConfiguration(sources: readonly PropertySource[], commit: string): void;
  /** A newer state is refused by its source; what was told before stays. */
  onProblems(problems: readonly Problem[]): void;
  /** `reason`: why not; undefined when nothing was tried. */
  onConnection(connected: boolean, reason?: string): void;
}

/** Tells the configuration now and whenever it changes, until closed. */
export type FollowConfiguration = (events: ConfigurationEvents) => { close(): void };

/** Follows the stream that a config server has for an application. */
export function followConfigServer(
  target: Pick<WatchEnvironmentOptions, 'url' | 'application' | 'profile' | 'label' | 'open'>,
): FollowConfiguration {
  return (events) =>
    watchEnvironment({
      ...target,
      onEnvironment: ({ sources, version }) => events.onConfiguration(sources, version ?? ''),
      onProblems: (problems) => events.onProblems(problems),
      onConnected: () => events.onConnection(true),
      onDisconnected: ({ error }) => events.onConnection(false, reasonOf(error)),
    });
}
