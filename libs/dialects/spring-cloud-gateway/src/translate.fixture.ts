import { bindProperties, type Property } from '#config';
import type { Translation } from '#traffic';
import { translateSpringCloudGateway } from './translate.ts';

export type Values = Readonly<Record<string, string | number | boolean>>;

/** Each property stands on a line of its own, its value in column 9. */
export function translate(values: Values, services: readonly string[] = []): Translation {
  const properties = new Map<string, Property>();
  for (const [index, [key, value]] of Object.entries(values).entries())
    properties.set(key, { value, origin: { file: 'gateway.yml', line: index + 1, column: 9 } });
  return translateSpringCloudGateway(bindProperties([{ name: 'gateway.yml', properties }]), { services });
}

/** Prefix of all properties. */
export const P = 'spring.cloud.gateway.server.webflux';

/** One route with these members. */
export function route(members: Values, more: Values = {}): Translation {
  const own = Object.entries(members).map(([key, value]) => [`${P}.routes[0].${key}`, value]);
  return translate({
    [`${P}.routes[0].id`]: 'r',
    [`${P}.routes[0].uri`]: 'http://up:81/ignored?x=1',
    ...Object.fromEntries(own),
    ...more,
  });
}

/** The route of a translation that has one and no problem. */
export const only = (translation: Translation) => {
  expect(translation.problems).toEqual([]);
  expect(translation.routes).toHaveLength(1);
  const [first] = translation.routes;
  if (first === undefined) throw new Error('no route');
  return first;
};
