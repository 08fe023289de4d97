import { type Bus, openBus } from '#bus';
import { ControlPlaneGuards, Health, type HealthIndicator } from '#health';
import { type Clock, type Journal, type RunningApp, silentJournal, systemClock } from '#kernel';
import { Actuator } from '#protocols/actuator';
import { CertificateSet } from '#security';
import type { RemoteState } from '#settings';
import { certificateFilesOf } from './certificate-files.ts';
import { checkAccessLog, startAccessLog } from './access-log.ts';
import type { FollowConfiguration } from './environment-stream.ts';
import { follow } from './follow.ts';
import { gatewayIndicators, type GatewayState } from './gateway-health.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { keepRenewed } from './keep-renewed.ts';
import { LastGoodFile } from './last-good.ts';
import { listenFault } from './listen-fault.ts';
import { startManagement } from './management/management.app.ts';
import { openPlane } from './open-plane.ts';
import { recordDrain, recordPlane } from './plane-journal.ts';
import { TrafficControl } from './traffic-control.ts';
import type { TrafficPlane } from './traffic-plane.ts';
import { TrafficTelemetry } from './traffic-telemetry.ts';
import { WorkerPool } from './worker-pool.ts';
import { isConsul } from './registry-watch.ts';
import { withActuatorRoute } from './actuator-route.ts';
import { listenOptionsOf } from './listen-options.ts';

export interface GatewayContext {
  readonly clock?: Clock;
  readonly plane?: TrafficPlane;
  /** Where routes come from; by default the config server of the settings. */
  readonly followConfiguration?: FollowConfiguration;
  readonly version?: string;
  /** The config server that the settings came from, and in which state. */
  readonly settingsSource?: RemoteState;
  /** Of other parts in the same process. */
  readonly indicators?: readonly HealthIndicator[];
  /** Takes what changes; without it nobody is told. */
  readonly journal?: Journal;
}

export interface RunningGateway extends RunningApp {
  readonly control: TrafficControl;
}

/** Starts the data plane and the management port. Ready when routes, registry and configuration are loaded. */
export async function startGateway(settings: GatewaySettings, context: GatewayContext = {}): Promise<RunningGateway> {
  const { clock = systemClock, journal = silentJournal } = context;
  checkAccessLog(settings);
  const certificates = await CertificateSet.read(certificateFilesOf(settings));
  const listenOptions = listenOptionsOf(settings, certificates.identities);
  let opened: TrafficPlane | undefined;
  const telemetry = await TrafficTelemetry.start(
    () => opened?.inFlight ?? 0,
    () => (opened instanceof WorkerPool ? opened.restarts : 0),
  );
  const plane = context.plane ?? (await openPlane(settings, clock, (window) => telemetry.add(window), journal));
  opened = plane;
  const stopRecording = plane instanceof WorkerPool ? () => undefined : recordPlane(journal);
  // Workers write their own.
  const stopAccessLog = plane instanceof WorkerPool ? async () => undefined : startAccessLog(settings);
  const shared = settings.managementPort !== 0 && settings.managementPort === settings.port;
  let managementUrl = '';
  const control = new TrafficControl(
    plane,
    new LastGoodFile(settings.dataDir),
    clock,
    settings.name,
    (config) => (shared ? withActuatorRoute(config, managementUrl) : config),
    journal,
  );
  const state: GatewayState = { draining: false, configConnected: false, registryConnected: false, bus: undefined };
  const guards = new ControlPlaneGuards();
  const actuator = new Actuator({
    health: new Health([
      ...gatewayIndicators(control, state, plane, guards, certificates, context.settingsSource),
      ...(context.indicators ?? []),
    ]),
    info: { app: { name: settings.name, version: context.version ?? '' } },
    metrics: telemetry.metrics,
    traffic: () => control.traffic,
  });
  const openPorts = async () => {
    const management = await startManagement({
      actuator,
      control,
      live: telemetry.live,
      address: settings.managementAddress,
      port: shared ? 0 : settings.managementPort,
      passages: passagesOf(settings),
    });
    managementUrl = management.url;
    try {
      return { management, port: await plane.listen(listenOptions) };
    } catch (error) {
      await management.close();
      throw listenFault(error, 'server', settings.address, settings.port);
    }
  };
  const closeParts = async (): Promise<void> => {
    telemetry.close();
    stopRecording();
    certificates.close();
    await plane.close();
    await stopAccessLog();
  };
  const { management, port } = await openPorts().catch(async (error: unknown) => {
    await closeParts();
    throw error;
  });
  keepRenewed(certificates, plane, control, journal);
  const watches = follow(settings, { ...context, clock, journal }, control, state, guards);
  const drain = async (deadlineMs: number): Promise<void> => {
    state.draining = true;
    await recordDrain(journal, clock, plane, deadlineMs);
  };
  const bus = await listenToBus(settings, guards, {
    // Somebody sees the registry alive: no need to sit out the rest of the pause.
    onRegistryAlive: () => void (state.registryConnected || watches.registry.restart()),
    onDrain: () => void drain(settings.drainTimeoutMs),
  });
  state.bus = () => bus.state;
  const stop = async (): Promise<void> => {
    watches.configuration.close();
    watches.registry.close();
    await control.close();
    guards.close();
    await bus.close();
    await management.close();
    await closeParts();
  };
  let stopped: Promise<void> | undefined;
  const scheme = listenOptions.tls === undefined ? 'http' : 'https';
  const host = settings.address.includes(':') ? `[${settings.address}]` : settings.address;
  return {
    name: 'gateway',
    listeners: [
      { name: 'gateway', url: `${scheme}://${host}:${port}` },
      { name: 'management', url: management.url },
    ],
    control,
    drain,
    close: () => (stopped ??= stop()),
  };
}

/** A Consul is not handed on: its API has other paths, and does more than discovery. */
function passagesOf({ registryUrl, configUrl }: GatewaySettings): Readonly<Record<string, string>> {
  return { ...(!isConsul(registryUrl) && { '/registry': registryUrl }), '/config': configUrl };
}

function listenToBus(
  { name, busTransport, redisUrl }: GatewaySettings,
  guards: ControlPlaneGuards,
  on: { onRegistryAlive(): void; onDrain(): void },
): Promise<Bus> {
  return openBus({
    transport: busTransport,
    redisUrl,
    guards,
    handlers: {
      'registry-changed': () => on.onRegistryAlive(),
      drain: ({ app }) => {
        if (app === undefined || app === name) on.onDrain();
      },
    },
  });
}
