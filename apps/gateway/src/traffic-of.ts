import { bindProperties, type PropertySource } from '#config';
import { compileProblem } from '#dataplane';
import { translateSpringCloudGateway } from '#dialects/spring-cloud-gateway';
import { translateZuul } from '#dialects/zuul';
import type { Problem } from '#kernel';
import { checkTrafficConfig, mergeTranslations, trafficConfig, type TrafficConfig } from '#traffic';

export interface TranslatedTraffic {
  readonly traffic: TrafficConfig;
  /** Routes that are written and left out, because something of them is wrong. */
  readonly broken: ReadonlySet<string>;
}

/** The configuration that a gateway makes of these sources (strongest first), with all that is wrong with it. */
export function translateTraffic(
  sources: readonly PropertySource[],
  services: readonly string[],
  ownService?: string,
): TranslatedTraffic {
  const properties = bindProperties(sources);
  const context = { services, ...(ownService !== undefined && { ownService }) };
  // Zuul's automatic routes are broad; what was written out comes before them.
  const translations = [translateSpringCloudGateway(properties, context), translateZuul(properties, context)];
  const config = mergeTranslations(translations, properties.problems);
  const checked = checkTrafficConfig(config);
  const compiled = config.routes.flatMap((route) => compileProblem(route) ?? []);
  // Of two routes with one id the first serves, as its problem says.
  const faulty = subjectsOf([...checked, ...compiled].filter(({ code }) => code !== 'duplicate-route'));
  const first = new Map(config.routes.toReversed().map((route) => [route.id, route]));
  const left = subjectsOf(translations.flatMap(({ problems }) => problems));
  const traffic = trafficConfig({
    ...config,
    routes: config.routes.filter((route) => !faulty.has(route.id) && first.get(route.id) === route),
    problems: [...config.problems, ...checked, ...compiled],
  });
  // A cluster may have the name of a route that is gone: only what was a route counts.
  const written = config.routes.flatMap(({ id }) => (faulty.has(id) ? [id] : []));
  return { traffic, broken: new Set([...left, ...written]) };
}

/** The same, for those who ask only for what can be served. */
export function trafficOf(
  sources: readonly PropertySource[],
  services: readonly string[],
  ownService?: string,
): TrafficConfig {
  return translateTraffic(sources, services, ownService).traffic;
}

function subjectsOf(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.flatMap(({ severity, subject }) => (severity === 'error' ? (subject ?? []) : [])));
}
