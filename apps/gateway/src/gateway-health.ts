import type { BusState } from '#bus';
import type { ControlPlaneGuards, HealthIndicator } from '#health';
import { formatProblem, shownUrl } from '#kernel';
import type { RemoteState } from '#settings';
import type { CertificateSet, CertificateState } from '#security';
import type { TrafficControl } from './traffic-control.ts';
import type { TrafficPlane } from './traffic-plane.ts';
import { WorkerPool } from './worker-pool.ts';

export interface GatewayState {
  draining: boolean;
  configConnected: boolean;
  registryConnected: boolean;
  /** Why not connected. */
  configProblem?: string | undefined;
  registryProblem?: string | undefined;
  bus: (() => BusState) | undefined;
}

/**
 * A gateway is ready once it has routes, has heard the registry and has a configuration. What it lost since does not make it
 * unready: it serves from what it knows, and says so in the details.
 */
export function gatewayIndicators(
  control: TrafficControl,
  state: GatewayState,
  plane: TrafficPlane,
  guards: ControlPlaneGuards,
  certificates: CertificateSet,
  settingsSource?: RemoteState,
): readonly HealthIndicator[] {
  const workers: HealthIndicator[] =
    plane instanceof WorkerPool
      ? [
          {
            name: 'workers',
            groups: ['readiness'],
            check: () => ({
              status: plane.pids.length > 0 ? 'UP' : 'DOWN',
              details: { pids: plane.pids, restarts: plane.restarts, workers: plane.workers },
            }),
          },
        ]
      : [];
  const ssl: HealthIndicator[] =
    certificates.states.length > 0 ? [{ name: 'ssl', groups: [], check: () => sslHealth(certificates.states) }] : [];
  const settings: HealthIndicator[] =
    settingsSource === undefined
      ? []
      : [
          {
            name: 'settings',
            groups: [],
            check: () => ({ status: 'UP', details: { ...settingsSource, url: shownUrl(settingsSource.url) } }),
          },
        ];
  return [
    ...workers,
    ...settings,
    ...ssl,
    guards.indicator,
    { name: 'bus', groups: [], check: () => ({ status: 'UP', details: { ...state.bus?.() } }) },
    { name: 'livenessState', groups: ['liveness'], check: () => ({ status: 'UP' }) },
    {
      name: 'readinessState',
      groups: ['readiness'],
      check: () => ({ status: state.draining ? 'OUT_OF_SERVICE' : 'UP' }),
    },
    {
      name: 'routes',
      groups: ['readiness'],
      check: () => {
        const details = {
          routes: control.traffic?.routes.length ?? 0,
          problems: control.traffic?.problems.length ?? 0,
        };
        return { status: control.traffic === undefined ? 'DOWN' : 'UP', details };
      },
    },
    {
      name: 'registry',
      groups: ['readiness'],
      check: () => ({
        status: control.directory.loaded ? 'UP' : 'DOWN',
        details: {
          connected: state.registryConnected,
          ...(state.registryProblem !== undefined && { problem: state.registryProblem }),
          services: control.directory.services.length,
          kept: control.directory.kept.length,
        },
      }),
    },
    {
      name: 'configuration',
      groups: ['readiness'],
      check: () => ({
        status: control.configuration.state === 'none' ? 'DOWN' : 'UP',
        details: {
          ...control.configuration,
          connected: state.configConnected,
          ...(state.configProblem !== undefined && { problem: state.configProblem }),
          ...(control.refusals.length > 0 && { problems: control.refusals.map(formatProblem) }),
        },
      }),
    },
  ];
}

/** Like Spring Boot's indicator of that name: out of service once a certificate has expired. */
function sslHealth(states: readonly CertificateState[]) {
  const certificates = states.map(({ file, names, expiresAt, problem }) => ({
    file,
    names,
    expiresAt: new Date(expiresAt).toISOString(),
    ...(problem && { problem: problem.message }),
  }));
  const expired = states.some(({ expiresAt }) => expiresAt < Date.now());
  const status = expired ? 'OUT_OF_SERVICE' : states.some(({ problem }) => problem) ? 'UNKNOWN' : 'UP';
  return { status, details: { certificates } } as const;
}
