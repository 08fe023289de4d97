import type { BoundNode } from '#config';
import type { RouteDefinition } from './route-definition.ts';

/**
 * `discovery.locator.enabled`: a route for each known service, `/service/**` with that prefix taken off, as the
 * original's default expressions give it. Other expressions are not evaluated.
 */
export function discoveredRoutes(gateway: BoundNode, services: readonly string[]): readonly RouteDefinition[] {
  const locator = gateway.at('discovery.locator');
  if (locator.boolean('enabled') !== true) return [];
  const custom = ['predicates', 'filters', 'url-expression', 'include-expression'].filter(
    (key) => locator.at(key).exists,
  );
  const unsupported = custom.filter((key) => key !== 'include-expression' || locator.string(key) !== 'true');
  for (const key of unsupported) {
    locator.at(key).ignore();
    locator.at(key).report({
      code: 'unsupported',
      message: `discovery.locator.${key}: expressions are not evaluated, no service is routed automatically`,
      remedy: `remove it, or write the routes out`,
    });
  }
  if (unsupported.length > 0) return [];
  const lower = locator.boolean('lower-case-service-id') ?? false;
  const idPrefix = locator.string('route-id-prefix') ?? 'CardeaDiscoveryClient_';
  const location = locator.location;
  return services.map((service) => {
    const name = lower ? service.toLowerCase() : service;
    const call = (factory: string, positional: readonly string[]) => ({
      name: factory,
      location,
      positional,
      named: undefined,
      hasArguments: true,
    });
    return {
      id: `${idPrefix}${service}`,
      uri: `lb://${service}`,
      uriNode: locator,
      predicates: [call('Path', [`/${name}/**`])],
      filters: [call('RewritePath', [`/${name}/?(?<remaining>.*)`, '/${remaining}'])],
      metadata: new Map(),
      order: 0,
      enabled: true,
      location,
    };
  });
}
