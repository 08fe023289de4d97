import type { ControlPlaneGuards } from '#health';
import { type Clock, type Journal, LinkJournal, shownUrl } from '#kernel';
import { followConfigServer, type FollowConfiguration } from './environment-stream.ts';
import type { GatewayState } from './gateway-health.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { guardedStream, reasonOf } from './guarded-stream.ts';
import { ownSources } from './listen-options.ts';
import { openRegistryWatch, type RegistryWatch } from './registry-watch.ts';
import type { TrafficControl } from './traffic-control.ts';

interface FollowContext {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly followConfiguration?: FollowConfiguration;
}

const PART = 'gateway';

/** Follows the configuration and the registry, and says when one of them goes and comes back. */
export function follow(
  settings: GatewaySettings,
  context: FollowContext,
  control: TrafficControl,
  state: GatewayState,
  guards: ControlPlaneGuards,
) {
  return {
    configuration: followConfiguration(settings, context, control, state, guards),
    registry: followRegistry(settings, context, control, state, guards),
  };
}

function followConfiguration(
  settings: GatewaySettings,
  context: FollowContext,
  control: TrafficControl,
  state: GatewayState,
  guards: ControlPlaneGuards,
): { close(): void } {
  const subject = `the config server ${shownUrl(settings.configUrl)}`;
  const link = new LinkJournal(context.journal, context.clock, {
    part: PART,
    name: 'config-server',
    subject,
    consequence: () =>
      control.traffic === undefined
        ? 'there is no configuration yet, so nothing is routed: it is waited for, and tried again every few seconds'
        : 'the configuration in effect stays, and it is tried again every few seconds',
  });
  const away = async (reason: string | undefined): Promise<void> => {
    if (control.traffic === undefined) await control.useLastGood(reason && `${subject} cannot be followed: ${reason}`);
    if (!state.configConnected) link.down(reason);
    state.configProblem = link.reason;
  };
  const connect =
    context.followConfiguration ??
    followConfigServer({
      url: settings.configUrl,
      application: settings.name,
      profile: settings.profiles.join(',') || 'default',
      label: settings.configLabel,
      open: guardedStream(guards, 'config-server'),
    });
  const own = ownSources(settings);
  return connect({
    onConfiguration: (sources, commit) => void control.takeConfiguration([...own, ...sources], commit),
    onProblems: (problems) => void control.takeRefusal(problems),
    onConnection(connected, reason) {
      state.configConnected = connected;
      if (connected) {
        link.up();
        state.configProblem = undefined;
      } else void away(reason);
    },
  });
}

function followRegistry(
  settings: GatewaySettings,
  { clock, journal }: FollowContext,
  control: TrafficControl,
  state: GatewayState,
  guards: ControlPlaneGuards,
): RegistryWatch {
  const link = new LinkJournal(journal, clock, {
    part: PART,
    name: 'registry',
    subject: `the registry ${shownUrl(settings.registryUrl)}`,
    consequence: () =>
      control.directory.loaded
        ? 'the instances that it told of are served on, and it is tried again every few seconds'
        : 'no instance is known yet: it is waited for, and tried again every few seconds',
  });
  return openRegistryWatch(settings, guards, {
    onSnapshot: (snapshot) => void control.takeSnapshot(snapshot),
    onChange: (changes) => void control.takeChanges(changes),
    onConnected() {
      state.registryConnected = true;
      link.up();
      state.registryProblem = undefined;
    },
    onDisconnected({ error }) {
      state.registryConnected = false;
      link.down(reasonOf(error));
      state.registryProblem = link.reason;
    },
  });
}
