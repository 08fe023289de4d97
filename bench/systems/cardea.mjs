import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeCount } from '../scenarios.mjs';

export const name = 'Cardea';

const root = join(import.meta.dirname, '../..');
const cardea = join(root, 'bin/cardea');

/** Undefined while the build has no data plane. */
export function version() {
  if (!existsSync(join(root, 'dist/apps/cardea/bundle/main.js'))) return undefined;
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

/** The config server that the gateway has its routes from: beside the load, its time does not count. */
export function beside({ variant, folder, besidePort, originPort }) {
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
  return {
    command: [
      cardea,
      'config-server',
      `--server.port=${besidePort}`,
      `--spring.cloud.config.server.native.search-locations=${repository}`,
      `--cardea.data-dir=${join(folder, 'config-data')}`,
    ],
    url: `http://127.0.0.1:${besidePort}/gateway/default`,
  };
}

/** A gateway alone, on the way that users start it. */
export function command({ variant, folder, port, besidePort, certificate, profileTo }) {
  const settings = {
    'server.port': port,
    'management.server.port': 0,
    'cardea.config.url': `http://127.0.0.1:${besidePort}`,
    'cardea.data-dir': join(folder, 'data'),
    ...(variant === 'tls' && {
      'server.ssl.certificate': certificate.cert,
      'server.ssl.certificate-private-key': certificate.key,
    }),
    ...(variant === 'filters' && { 'cardea.access-log.path': join(folder, 'access.log') }),
  };
  const parameters = Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  // A profile is read by file, which the bundle does not tell any more.
  const unbundled = [join(root, 'node_modules/node/bin/node'), '--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const program = profileTo === undefined ? [cardea] : [...unbundled, join(root, 'dist/apps/cardea/src/main.js')];
  return { command: [...program, 'gateway', ...parameters] };
}
