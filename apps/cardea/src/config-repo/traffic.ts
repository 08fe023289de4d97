import { bindProperties, type PropertySource } from '#config';
import { compileProblem } from '#dataplane';
import { translateSpringCloudGateway } from '#dialects/spring-cloud-gateway';
import { translateZuul } from '#dialects/zuul';
import { checkTrafficConfig, mergeTranslations, trafficConfig, type TrafficConfig } from '#traffic';

/** The configuration that a gateway would make of these sources, with everything that is wrong with it. */
export function trafficOf(sources: readonly PropertySource[], services: readonly string[]): TrafficConfig {
  const properties = bindProperties(sources);
  // Zuul's automatic routes are broad; what was written out comes before them.
  const translations = [translateSpringCloudGateway(properties, { services }), translateZuul(properties, { services })];
  const config = mergeTranslations(translations, properties.problems);
  const checked = checkTrafficConfig(config);
  const broken = new Set(checked.filter(({ severity }) => severity === 'error').map(({ subject }) => subject));
  const compiled = config.routes.flatMap((route) => (broken.has(route.id) ? [] : (compileProblem(route) ?? [])));
  const unusable = new Set(compiled.map(({ subject }) => subject));
  return trafficConfig({
    ...config,
    routes: config.routes.filter(({ id }) => !unusable.has(id)),
    problems: [...config.problems, ...checked, ...compiled],
  });
}
