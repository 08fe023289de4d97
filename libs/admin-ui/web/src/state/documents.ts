import type { HealthView, Problem, RoutesView } from '../model/wire.ts';
import { Poller } from './poller.ts';

/** Above so many routes the document is megabytes: read it less often. */
const MANY_ROUTES = 1000;

export const health = new Poller<HealthView>('actuator/health', () => 5000);

export const routes = new Poller<RoutesView>('api/v1/gateway/routes', (data) =>
  (data?.routes.length ?? 0) > MANY_ROUTES ? 15_000 : 2000,
);

export interface ServiceCounts {
  readonly services: readonly { readonly name: string; readonly instances: number; readonly up: number }[];
}

export const services = new Poller<ServiceCounts>('registry/api/v1/services', () => 3000);

/** All problems of the configuration in effect, those of single routes included; errors first. */
export function problemsOf(view: RoutesView | undefined): Problem[] {
  if (!view) return [];
  const seen = new Set<string>();
  return [
    ...(view.problems ?? []),
    ...view.routes.flatMap((route) => (route.problems ?? []).map((problem) => ({ subject: route.id, ...problem }))),
  ]
    .filter((problem) => {
      const key = JSON.stringify([problem.code, problem.message, problem.location]);
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}
