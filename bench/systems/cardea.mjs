import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeCount } from '../scenarios.mjs';

export const name = 'Cardea';

const root = join(import.meta.dirname, '../..');
const node = join(root, 'node_modules/node/bin/node');

/** Undefined while the build has no data plane. */
export function version() {
  if (!existsSync(join(root, 'dist/libs/dataplane/src/data-plane.js'))) return undefined;
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

const filters = [
  'RewritePath=/filtered/(?<rest>.*), /$\\{rest}',
  'AddRequestHeader=X-Added, yes',
  'RemoveRequestHeader=X-Removed',
  'SetResponseHeader=X-Answered, yes',
  'RemoveResponseHeader=Server',
  { name: 'Retry', args: { retries: 2, methods: 'GET', series: 'SERVER_ERROR' } },
  { name: 'CircuitBreaker', args: { name: 'bench' } },
  {
    name: 'RequestRateLimiter',
    args: {
      'key-resolver': '#{@client}',
      'redis-rate-limiter.replenishRate': 1_000_000,
      'redis-rate-limiter.burstCapacity': 1_000_000,
    },
  },
];

export function command({ variant, folder, port, originPort, certificate, profileTo }) {
  const route = (id, path, more = {}) => ({
    id,
    uri: `http://127.0.0.1:${originPort}`,
    predicates: [`Path=${path}`],
    ...more,
  });
  const routes =
    variant === 'filters'
      ? [route('filtered', '/filtered/**', { filters })]
      : variant.startsWith('routes-')
        ? Array.from({ length: routeCount(variant) }, (_, n) => route(`r${n}`, `/r${n}/**`))
        : [route('all', '/**')];
  const repository = join(folder, 'config');
  mkdirSync(repository, { recursive: true });
  // JSON is YAML.
  const configuration = {
    spring: { cloud: { gateway: { routes } } },
    cardea: { gateway: { 'key-resolvers': { client: 'client-address' } } },
  };
  writeFileSync(join(repository, 'gateway.yml'), JSON.stringify(configuration));
  const settings = {
    'server.port': port,
    'management.server.port': 0,
    'cardea.data-dir': join(folder, 'data'),
    ...(variant === 'tls' && {
      'server.ssl.certificate': certificate.cert,
      'server.ssl.certificate-private-key': certificate.key,
    }),
    ...(variant === 'filters' && { 'cardea.access-log.path': join(folder, 'access.log') }),
  };
  const profiler = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const parameters = Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  return { command: [node, ...profiler, join(root, 'bench/cardea-server.mjs'), repository, ...parameters] };
}
