import type { Health, HealthReport } from '#health';
import type { Route, TrafficConfig } from '#traffic';
import { describeRoute } from '#traffic';

/** Where an actuator reads what it shows. */
export interface ActuatorSources {
  readonly health: Health;
  readonly info: Readonly<Record<string, unknown>>;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** The configuration in effect; undefined while there is none. */
  readonly traffic: () => TrafficConfig | undefined;
}

/** A route as `/actuator/gateway/routes` of Spring Cloud Gateway shows it. */
export interface ActuatorRoute {
  readonly route_id: string;
  readonly predicate: string;
  readonly filters: readonly string[];
  readonly uri: string;
  readonly order: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What Spring Boot's management endpoints answer. */
export class Actuator {
  readonly #sources: ActuatorSources;

  constructor(sources: ActuatorSources) {
    this.#sources = sources;
  }

  get info(): Readonly<Record<string, unknown>> {
    return this.#sources.info;
  }

  get metrics(): ActuatorSources['metrics'] {
    return this.#sources.metrics;
  }

  /** `/actuator` itself: links to the others, as Spring Boot's discovery page. */
  links(base: string): unknown {
    const paths = ['health', 'health/readiness', 'health/liveness', 'info', 'prometheus', 'gateway/routes'];
    const links = paths.map((path) => [path.replace('/', '-'), { href: `${base}/actuator/${path}`, templated: false }]);
    return { _links: Object.fromEntries([['self', { href: `${base}/actuator`, templated: false }], ...links]) };
  }

  health(group?: 'readiness' | 'liveness'): Promise<HealthReport> {
    return this.#sources.health.report(group);
  }

  routes(): readonly ActuatorRoute[] {
    const traffic = this.#sources.traffic();
    if (traffic === undefined) return [];
    const clusters = new Map(traffic.clusters.map((cluster) => [cluster.id, cluster]));
    return traffic.routes.map((route, order) => {
      const { predicate, filters } = describeRoute(route, clusters);
      const { metadata } = route;
      return {
        predicate,
        ...(metadata && { metadata }),
        route_id: route.id,
        filters,
        uri: uriOf(route, traffic),
        order,
      };
    });
  }
}

function uriOf({ action }: Route, { clusters }: TrafficConfig): string {
  if (action.kind === 'internal') return `forward:${action.path}`;
  if (action.kind === 'respond') return 'no://op';
  const cluster = clusters.find(({ id }) => id === action.cluster);
  if (cluster === undefined || cluster.endpoints.kind === 'discovered') {
    return `lb://${cluster?.endpoints.kind === 'discovered' ? cluster.endpoints.service : action.cluster}`;
  }
  const [first] = cluster.endpoints.endpoints;
  if (first === undefined) return `lb://${action.cluster}`;
  return `${first.secure === true || cluster.tls !== undefined ? 'https' : 'http'}://${first.host}:${first.port}${action.basePath ?? ''}`;
}
