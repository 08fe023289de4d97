import type { Problem } from '#kernel';
import { trafficConfig } from './builders.ts';
import { FORWARDING_DEFAULTS } from './defaults.ts';
import type { Cluster, Forwarding, Route, TrafficConfig } from './model.ts';

/** What a dialect makes of the properties it knows: a part of a `TrafficConfig`. */
export interface Translation {
  /** In matching order. A route with an error is left out. */
  readonly routes: readonly Route[];
  readonly clusters: readonly Cluster[];
  readonly problems: readonly Problem[];
  /** Absent when the properties say nothing about it. */
  readonly forwarding?: Forwarding;
}

/** What a dialect may need to know beside the properties. */
export interface TranslationContext {
  /** Services that discovery knows, in its order: automatic routes are made of them. */
  readonly services: readonly string[];
  /** The gateway's own service, which gets no automatic route. */
  readonly ownService?: string;
}

/**
 * One configuration of what several dialects say, in their order. `problems` are those found before them. Where two
 * speak about forwarding, a header that one wants is written, and only who both believe is believed.
 */
export function mergeTranslations(
  translations: readonly Translation[],
  problems: readonly Problem[] = [],
): TrafficConfig {
  const clusters = new Map<string, Cluster>();
  for (const cluster of translations.flatMap((translation) => translation.clusters))
    if (!clusters.has(cluster.id)) clusters.set(cluster.id, cluster);
  const spoken = translations.flatMap(({ forwarding }) => forwarding ?? []);
  return trafficConfig({
    routes: translations.flatMap(({ routes }) => routes),
    clusters: [...clusters.values()],
    forwarding: spoken.length === 0 ? FORWARDING_DEFAULTS : spoken.reduce(mergeForwarding),
    problems: [...problems, ...translations.flatMap((translation) => translation.problems)],
  });
}

function mergeForwarding(a: Forwarding, b: Forwarding): Forwarding {
  const believesAll = ({ trustedProxies }: Forwarding) => trustedProxies.includes('0.0.0.0/0');
  const both = a.trustedProxies.filter((block) => b.trustedProxies.includes(block));
  const [one, other] = [a.xForwarded, b.xForwarded];
  return {
    trustedProxies: believesAll(a) ? b.trustedProxies : believesAll(b) ? a.trustedProxies : both,
    xForwarded: {
      for: one.for || other.for,
      host: one.host || other.host,
      port: one.port || other.port,
      proto: one.proto || other.proto,
      prefix: one.prefix || other.prefix,
    },
    forwarded: a.forwarded || b.forwarded,
  };
}
