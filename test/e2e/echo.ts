import { join } from 'node:path';
import type { Cardea } from './cardea.ts';
import { Child, eventually, NODE } from './child.ts';
import { ask } from './load.ts';

/** A `gateway.yml` with one route, to the service `echo`. */
export const ECHO_ROUTE = `
ribbon:
  ReadTimeout: 10000
zuul:
  ignoredServices: '*'
  routes:
    echo: /echo/**
`;

/** An instance of the service `echo`, registered. `ttl` of its lease in seconds; it renews four times as often. */
export async function startEcho(registry: string, ttl = 2): Promise<Child> {
  const instance = new Child(NODE, [join(import.meta.dirname, 'instance.mjs'), 'echo', registry, String(ttl)]);
  await instance.printed(/registered/);
  return instance;
}

/** The same, and the gateway has a route to it below `/echo/`. */
export async function startRoutedEcho(cardea: Cardea): Promise<Child> {
  const instance = await startEcho(cardea.url('registry'));
  await eventually(async () => (await ask(`${cardea.url('gateway')}/echo/`)).status === 200);
  return instance;
}
