import { type Bus, openBus } from '#bus';
import { requestFinished } from '#dataplane';
import { Health } from '#health';
import { type Clock, type RunningApp, systemClock } from '#kernel';
import { Actuator } from '#protocols/actuator';
import { watchRegistry } from '#protocols/registry-api';
import { AccessLog, envoyFormat, jsonFormat, liveSecond, PrometheusMetrics, RequestCollector } from '#telemetry';
import { loadTrafficPlane } from './data-plane-loader.ts';
import { followConfigServer, type FollowConfiguration } from './environment-stream.ts';
import { gatewayIndicators, type GatewayState } from './gateway-health.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { LastGoodFile } from './last-good.ts';
import { listenFault } from './listen-fault.ts';
import { LiveStream } from './management/live-stream.ts';
import { startManagement } from './management/management.app.ts';
import { TrafficControl } from './traffic-control.ts';
import type { TrafficPlane } from './traffic-plane.ts';
import { withActuatorRoute } from './actuator-route.ts';

export interface GatewayContext {
  readonly clock?: Clock;
  readonly plane?: TrafficPlane;
  /** Where routes come from; by default the config server of the settings. */
  readonly followConfiguration?: FollowConfiguration;
  readonly version?: string;
}

export interface RunningGateway extends RunningApp {
  readonly control: TrafficControl;
}

/** Starts the data plane and the management port. Ready when routes, registry and configuration are loaded. */
export async function startGateway(settings: GatewaySettings, context: GatewayContext = {}): Promise<RunningGateway> {
  const clock = context.clock ?? systemClock;
  const plane = context.plane ?? (await loadTrafficPlane());
  const shared = settings.managementPort !== 0 && settings.managementPort === settings.port;
  let managementUrl = '';
  const control = new TrafficControl(plane, new LastGoodFile(settings.dataDir), clock, settings.name, (config) =>
    shared ? withActuatorRoute(config, managementUrl) : config,
  );
  const state: GatewayState = { draining: false, configConnected: false, registryConnected: false };
  const telemetry = startTelemetry(settings, plane);
  const actuator = new Actuator({
    health: new Health(gatewayIndicators(control, state)),
    info: { app: { name: settings.name, version: context.version ?? '' } },
    metrics: telemetry.metrics,
    traffic: () => control.traffic,
  });
  const management = await startManagement({
    actuator,
    control,
    live: telemetry.live,
    address: settings.managementAddress,
    port: shared ? 0 : settings.managementPort,
    passages: { '/registry': settings.registryUrl, '/config': settings.configUrl },
  });
  managementUrl = management.url;
  let port: number;
  try {
    port = await plane.listen(settings.address, settings.port);
  } catch (error) {
    await Promise.all([management.close(), telemetry.close(), plane.close()]);
    throw listenFault(error, 'server', settings.address, settings.port);
  }
  const watches = follow(settings, context, control, state);
  const drain = async (deadlineMs: number): Promise<void> => {
    state.draining = true;
    await plane.drain(deadlineMs);
  };
  const bus = await listenToBus(settings, {
    // Somebody sees the registry alive: no need to sit out the rest of the pause.
    onRegistryAlive: () => void (state.registryConnected || watches.registry.restart()),
    onDrain: () => void drain(settings.drainTimeoutMs),
  });
  const stop = async (): Promise<void> => {
    watches.configuration.close();
    watches.registry.close();
    await bus.close();
    await plane.close();
    await management.close();
    await telemetry.close();
  };
  let stopped: Promise<void> | undefined;
  const host = settings.address.includes(':') ? `[${settings.address}]` : settings.address;
  return {
    name: 'gateway',
    listeners: [
      { name: 'gateway', url: `http://${host}:${port}` },
      { name: 'management', url: management.url },
    ],
    control,
    drain,
    close: () => (stopped ??= stop()),
  };
}

function follow(settings: GatewaySettings, context: GatewayContext, control: TrafficControl, state: GatewayState) {
  const label = settings.configLabel === undefined ? '' : `/${encodeURIComponent(settings.configLabel)}`;
  const path = `${settings.name}/${settings.profiles.join(',') || 'default'}${label}`;
  const followConfiguration = context.followConfiguration ?? followConfigServer(settings.configUrl, path);
  const configuration = followConfiguration({
    onConfiguration: (sources, commit) => void control.takeConfiguration(sources, commit),
    onProblems: (problems) => control.takeRefusal(problems),
    onConnection(connected) {
      state.configConnected = connected;
      if (!connected && control.traffic === undefined) void control.useLastGood();
    },
  });
  const watch = () =>
    watchRegistry({
      url: settings.registryUrl,
      onSnapshot: (snapshot) => void control.takeSnapshot(snapshot),
      onChange: (changes) => void control.takeChanges(changes),
      onConnected: () => (state.registryConnected = true),
      onDisconnected: () => (state.registryConnected = false),
    });
  let current = watch();
  const registry = {
    close: () => current.close(),
    restart() {
      current.close();
      current = watch();
    },
  };
  return { configuration, registry };
}

function listenToBus(
  { name, busTransport, redisUrl }: GatewaySettings,
  on: { onRegistryAlive(): void; onDrain(): void },
): Promise<Bus> {
  return openBus({
    transport: busTransport,
    redisUrl,
    handlers: {
      'registry-changed': () => on.onRegistryAlive(),
      drain: ({ app }) => {
        if (app === undefined || app === name) on.onDrain();
      },
    },
  });
}

function startTelemetry(settings: GatewaySettings, plane: TrafficPlane) {
  const collector = new RequestCollector();
  const live = new LiveStream();
  const metrics = new PrometheusMetrics({
    cardea_requests_in_flight: { help: 'Requests under way.', read: () => plane.inFlight },
  });
  const format = settings.accessLogFormat === 'json' ? jsonFormat : envoyFormat(settings.accessLogFormat).format;
  const target = settings.accessLog === 'stdout' ? 'stdout' : { file: settings.accessLog };
  const accessLog = settings.accessLog === 'off' ? undefined : new AccessLog(target, format);
  requestFinished.subscribe(collector.onRequest);
  if (accessLog !== undefined) requestFinished.subscribe(accessLog.onRequest);
  const flush = () => {
    const window = collector.take();
    metrics.add(window);
    live.push(liveSecond([window], Date.now(), plane.inFlight));
  };
  const timer = setInterval(flush, 1_000).unref();
  return {
    live,
    metrics,
    async close() {
      clearInterval(timer);
      requestFinished.unsubscribe(collector.onRequest);
      if (accessLog === undefined) return;
      requestFinished.unsubscribe(accessLog.onRequest);
      await accessLog.close();
    },
  };
}
