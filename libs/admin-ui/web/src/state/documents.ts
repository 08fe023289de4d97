import type { HealthView, RoutesView } from '../model/wire.ts';
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
