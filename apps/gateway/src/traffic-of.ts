import { bindProperties, type PropertySource } from '#config';
import { compileProblem } from '#dataplane';
import { translateSpringCloudGateway } from '#dialects/spring-cloud-gateway';
import { translateZuul } from '#dialects/zuul';
import { checkTrafficConfig, mergeTranslations, trafficConfig, type TrafficConfig } from '#traffic';

/** The configuration that a gateway makes of these sources (strongest first), with all that is wrong with it. */
export function trafficOf(
  sources: readonly PropertySource[],
  services: readonly string[],
  ownService?: string,
): TrafficConfig {
  const properties = bindProperties(sources);
  const context = { services, ...(ownService !== undefined && { ownService }) };
  // Zuul's automatic routes are broad; what was written out comes before them.
  const translations = [translateSpringCloudGateway(properties, context), translateZuul(properties, context)];
  const config = mergeTranslations(translations, properties.problems);
  const checked = checkTrafficConfig(config);
  const compiled = config.routes.flatMap((route) => compileProblem(route) ?? []);
  const faults = [...checked, ...compiled].filter(({ severity }) => severity === 'error');
  const broken = new Set(faults.map(({ subject }) => subject));
  return trafficConfig({
    ...config,
    routes: config.routes.filter(({ id }) => !broken.has(id)),
    problems: [...config.problems, ...checked, ...compiled],
  });
}
