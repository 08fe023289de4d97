import { bindProperties, type PropertySource } from '#config';
import { translateSpringCloudGateway } from '#dialects/spring-cloud-gateway';
import { translateZuul } from '#dialects/zuul';
import { checkTrafficConfig, FORWARDING_DEFAULTS, trafficConfig, type TrafficConfig } from '#traffic';

/** The configuration that a gateway would make of these sources, with everything that is wrong with it. */
export function trafficOf(sources: readonly PropertySource[], services: readonly string[]): TrafficConfig {
  const properties = bindProperties(sources);
  const zuul = translateZuul(properties, { services });
  const gateway = translateSpringCloudGateway(properties, { services });
  const parts = {
    routes: [...zuul.routes, ...gateway.routes],
    clusters: [...zuul.clusters, ...gateway.clusters],
    forwarding: zuul.forwarding ?? gateway.forwarding ?? FORWARDING_DEFAULTS,
    problems: [...properties.problems, ...zuul.problems, ...gateway.problems],
  };
  const config = trafficConfig(parts);
  return trafficConfig({ ...parts, problems: [...parts.problems, ...checkTrafficConfig(config)] });
}
