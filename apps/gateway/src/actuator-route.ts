import { cluster, endpoint, route, trafficConfig, type TrafficConfig } from '#traffic';

const ID = 'cardea-actuator';

/** Puts `/actuator/**` on the data port, for `management.server.port` equal to `server.port`, before all other routes. */
export function withActuatorRoute(config: TrafficConfig, managementUrl: string): TrafficConfig {
  const { hostname, port } = new URL(managementUrl);
  const target = endpoint({ host: hostname, port: Number(port) });
  return trafficConfig({
    ...config,
    routes: [
      route({
        id: ID,
        match: { paths: [{ kind: 'prefix', value: '/actuator' }] },
        action: { kind: 'forward', cluster: ID },
      }),
      ...config.routes,
    ],
    clusters: [cluster({ id: ID, endpoints: { kind: 'static', endpoints: [target] } }), ...config.clusters],
  });
}
