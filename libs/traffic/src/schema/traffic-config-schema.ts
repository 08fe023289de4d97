import type { Cluster, Forwarding, Route, RouteAction, TrafficConfig } from '../model.ts';
import type { BalancingRule } from '../policy.ts';
import { filterSchema } from './filter-schema.ts';
import {
  amount,
  count,
  flag,
  integer,
  list,
  name,
  object,
  oneOf,
  status,
  text,
  texts,
  union,
  type JsonSchema,
} from './json-schema.ts';
import { matchSchema } from './match-schema.ts';
import { breakerSchema, endpointSchema, outlierSchema, retrySchema, timeoutsSchema } from './policy-schema.ts';

const location = object({ file: text, 'line?': integer, 'column?': integer });

const problem = object({
  severity: oneOf('error', 'warning'),
  code: name,
  message: text,
  'remedy?': text,
  'location?': location,
  'subject?': text,
});

const BALANCING: Readonly<Record<BalancingRule, true>> = {
  'round-robin': true,
  random: true,
  weighted: true,
  'least-request': true,
  'peak-ewma': true,
};

/** Names of the members of T, those that may be absent with a `?` behind. */
type MemberNames<T> = { [K in keyof T & string]-?: undefined extends T[K] ? `${K}?` : K }[keyof T & string];
type Members<T> = Readonly<Record<MemberNames<T>, JsonSchema>>;

const route: Members<Route> = {
  id: text,
  match: matchSchema,
  filters: list(filterSchema),
  action: union<RouteAction['kind']>({
    forward: { cluster: text, 'basePath?': text, 'mergeSlashes?': flag },
    internal: { path: text, 'appendPath?': flag },
    respond: { status, 'body?': text },
  }),
  'timeouts?': timeoutsSchema,
  'retry?': retrySchema,
  'breaker?': breakerSchema,
  'metadata?': { type: 'object', additionalProperties: true },
  'location?': location,
  'dialect?': text,
};

const cluster: Members<Cluster> = {
  id: text,
  endpoints: union<Cluster['endpoints']['kind']>({
    static: { endpoints: list(endpointSchema) },
    discovered: { service: text },
  }),
  balancing: oneOf(...Object.keys(BALANCING)),
  protocol: oneOf('http1'),
  'tls?': object({ 'serverName?': text, 'caPem?': text, 'certPem?': text, 'keyPem?': text, verify: flag }),
  connectTimeoutMs: amount,
  maxConnections: count,
  maxPendingRequests: count,
  pendingTimeoutMs: amount,
  idleTimeoutMs: amount,
  maxConcurrentRequests: count,
  'outlier?': outlierSchema,
  'location?': location,
};

const forwarding: Members<Forwarding> = {
  trustedProxies: texts,
  xForwarded: object({ for: flag, host: flag, port: flag, proto: flag, prefix: flag }),
  forwarded: flag,
};

const config: Members<TrafficConfig> = {
  version: name,
  routes: list(object(route)),
  clusters: list(object(cluster)),
  forwarding: object(forwarding),
  problems: list(problem),
};

/** JSON Schema of a whole configuration. Says what its parts look like; `checkTrafficConfig` says what they mean. */
export const trafficConfigSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Cardea TrafficConfig',
  ...object(config),
};
