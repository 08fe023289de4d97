import { choice, duration, entries, flag, integer, port, text, texts, url } from './definition.ts';
import { LIMIT_SETTINGS } from './limit-settings.ts';
import { REGISTRY_SETTINGS } from './registry-settings.ts';

/** What every process knows. */
export const PROCESS_SETTINGS = {
  dataDir: text('cardea.data-dir', '.cardea', 'folder for all that a process writes'),
  insecure: flag('cardea.insecure', false, 'allow listening beyond this machine without credentials'),
  profiles: texts('spring.profiles.active', [], 'profiles whose documents apply'),
  configImport: texts(
    'spring.config.import',
    [],
    'configserver:URL reads settings from a config server too; optional:configserver:URL starts without it',
  ),
  drainTimeoutMs: duration('cardea.drain-timeout', 10_000, 'longest that a stop waits for requests under way', {
    aliases: ['spring.lifecycle.timeout-per-shutdown-phase'],
  }),
  logFormat: choice('cardea.log.format', ['text', 'json'], 'text', 'how what happens is written to standard error'),
  logLevel: choice('cardea.log.level', ['debug', 'info', 'warn', 'error'], 'info', 'the least that is written there'),
  busTransport: choice('cardea.bus.transport', ['local', 'redis'], 'local', 'how events reach the other processes'),
  redisUrl: url('cardea.redis.url', 'redis://127.0.0.1:6379', 'Redis, where something is told to use it'),
} as const;

export const GATEWAY_SETTINGS = {
  port: port('server.port', 8080, 'port of the gateway', { aliases: ['cardea.gateway.port'] }),
  address: text('server.address', '127.0.0.1', 'address that the gateway listens on'),
  name: text('spring.application.name', 'gateway', 'application whose configuration holds the routes'),
  workers: text('cardea.gateway.workers', '1', 'worker processes: a number, or auto for one per processor', {
    aliases: ['gateway.workers'],
  }),
  trustedProxies: texts('cardea.gateway.trusted-proxies', [], 'CIDR blocks whose X-Forwarded-* are believed'),
  forwardedHeaders: text(
    'cardea.gateway.forwarded-headers',
    undefined,
    'write: strip what strangers claim, write X-Forwarded-* anew; reference: as Zuul or Spring Cloud Gateway do (write)',
  ),
  registryUrl: url(
    'cardea.registry.url',
    'http://127.0.0.1:8761',
    'registry to find instances in; consul://HOST:8500 or consul+https://HOST:8501 for the catalog of a Consul',
  ),
  consulToken: text('cardea.registry.consul-token', undefined, 'ACL token for that Consul'),
  consulServices: texts('cardea.registry.consul-services', [], 'services to follow there; without it all of them'),
  configUrl: url('cardea.config.url', 'http://127.0.0.1:8888', 'config server to read routes from', {
    aliases: ['spring.cloud.config.uri'],
  }),
  configLabel: text('spring.cloud.config.label', undefined, 'branch, tag or commit of the configuration'),
  certificate: text('server.ssl.certificate', undefined, 'PEM file of the certificate; makes the port speak TLS'),
  privateKey: text('server.ssl.certificate-private-key', undefined, 'PEM file of its key'),
  sslBundle: text('server.ssl.bundle', undefined, 'PEM bundle with both, instead of the two files'),
  serverNameBundles: entries(
    'server.ssl.server-name-bundles',
    'certificates by host name (SNI), exact or *.example.com: [0].server-name and [0].bundle',
  ),
  pemBundles: entries(
    'spring.ssl.bundle.pem',
    'PEM files by bundle: NAME.keystore.certificate and NAME.keystore.private-key',
  ),
  http2Enabled: flag('server.http2.enabled', true, 'speak HTTP/2 beside HTTP/1.1'),
  ...LIMIT_SETTINGS,
  accessLog: text('cardea.access-log.path', 'off', 'off, stdout, or the file to append to'),
  accessLogFormat: text('cardea.access-log.format', 'json', 'json, or a line in Envoy’s format'),
} as const;

export const MANAGEMENT_SETTINGS = {
  managementPort: port('management.server.port', 9090, 'port of health, metrics, admin API and admin UI'),
  managementAddress: text('management.server.address', '127.0.0.1', 'address of the management port'),
} as const;

export const CONFIG_SERVER_SETTINGS = {
  configServerPort: port('cardea.config-server.port', 8888, 'port of the config server'),
  configServerAddress: text('cardea.config-server.address', '127.0.0.1', 'address that the config server listens on'),
  gitUri: text('spring.cloud.config.server.git.uri', undefined, 'repository to serve; without it the folder below'),
  gitUsername: text('spring.cloud.config.server.git.username', undefined, 'user for a repository over HTTP'),
  gitPassword: text('spring.cloud.config.server.git.password', undefined, 'password or token of that user'),
  searchPaths: texts('spring.cloud.config.server.git.search-paths', [], 'folders in it to look into'),
  defaultLabel: text('spring.cloud.config.server.git.default-label', undefined, 'branch when a client names none'),
  serverDefaultLabel: text('spring.cloud.config.server.default-label', undefined, 'the same, and stronger'),
  skipUnknownLabels: flag(
    'spring.cloud.config.server.git.continue-on-multiple-label-failure',
    false,
    'skip labels of a list that do not exist',
  ),
  repos: entries('spring.cloud.config.server.git.repos', 'repositories for some applications: NAME.uri, NAME.pattern'),
  nativeLocations: texts('spring.cloud.config.server.native.search-locations', [], 'folders to serve without git'),
  composite: entries('spring.cloud.config.server.composite', 'several sources, the first the strongest: [0].type, …'),
  overrides: entries('spring.cloud.config.server.overrides', 'properties that clients get above all others'),
  prefix: text('spring.cloud.config.server.prefix', '', 'path that the routes for Spring clients lie below'),
  acceptEmpty: flag('spring.cloud.config.server.accept-empty', true, 'answer applications that nothing is known of'),
  webhookSecret: text(
    'cardea.config-server.webhook-secret',
    undefined,
    'secret that notices of pushes are signed with',
  ),
  configRepo: text('cardea.config-repo', 'config-repo', 'folder of the embedded configuration'),
  encryptKey: text('encrypt.key', undefined, 'key that {cipher} values are written with'),
  encryptSalt: text('encrypt.salt', undefined, 'its salt, hexadecimal'),
  decrypt: flag('spring.cloud.config.server.encrypt.enabled', true, 'decrypt {cipher} values for clients'),
} as const;

export const DEMO_SETTINGS = {
  demoInstances: integer('cardea.demo.instances', 1, 'instances of each demo service', [1, 20]),
} as const;

export const ALL_TABLES = [
  PROCESS_SETTINGS,
  GATEWAY_SETTINGS,
  MANAGEMENT_SETTINGS,
  REGISTRY_SETTINGS,
  CONFIG_SERVER_SETTINGS,
  DEMO_SETTINGS,
];
