import { createHash } from 'node:crypto';
import type { TrafficConfig } from './model.ts';

/** Version of a configuration: 16 hexadecimal digits that depend on the content, not on the order of keys. */
export function versionOf(config: Omit<TrafficConfig, 'version'>): string {
  const { routes, clusters, forwarding, problems } = config;
  const canonical = JSON.stringify({ routes, clusters, forwarding, problems }, sortKeys);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
