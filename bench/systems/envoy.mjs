import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { routeCount } from '../scenarios.mjs';

export const name = 'Envoy';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cardea');
/** The wheel's launcher is a script; the binary itself stands beside the module. */
function binary() {
  const launcher = join(cache, 'bench-venv/bin/python');
  if (!existsSync(launcher)) return undefined;
  const folder = execFileSync(launcher, ['-c', 'import envoy; print(list(envoy.__path__)[0])'], { encoding: 'utf8' });
  const path = join(folder.trim(), '_bin/envoy');
  return existsSync(path) ? path : undefined;
}

export function version() {
  const path = binary();
  if (path === undefined) return undefined;
  return /\/(\d+\.\d+\.\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1];
}

function typed(type, rest) {
  return { '@type': `type.googleapis.com/${type}`, ...rest };
}

export function command({ variant, folder, port, originPort, certificate }) {
  const filtered = variant === 'filters';
  const route = (prefix, more = {}) => ({
    match: { prefix },
    route: { cluster: 'origin', timeout: '0s', ...more },
  });
  const header = (key) => ({ header: { key, value: 'yes' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' });
  const routes = filtered
    ? [
        {
          ...route('/filtered/', {
            regex_rewrite: { pattern: { regex: '^/filtered/(.*)$' }, substitution: '/\\1' },
            retry_policy: { retry_on: 'connect-failure,reset', num_retries: 2 },
          }),
          request_headers_to_add: [header('X-Added')],
          request_headers_to_remove: ['X-Removed'],
          response_headers_to_add: [header('X-Answered')],
          response_headers_to_remove: ['server'],
        },
      ]
    : variant.startsWith('routes-')
      ? Array.from({ length: routeCount(variant) }, (_, n) => route(`/r${n}/`))
      : [route('/')];
  const rateLimit = {
    name: 'envoy.filters.http.local_ratelimit',
    typed_config: typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
      stat_prefix: 'limit',
      token_bucket: { max_tokens: 1_000_000_000, tokens_per_fill: 1_000_000_000, fill_interval: '1s' },
      filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
      filter_enforced: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    }),
  };
  const manager = typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'bench',
    codec_type: 'HTTP1',
    use_remote_address: true,
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes }] },
    http_filters: [
      ...(filtered ? [rateLimit] : []),
      { name: 'router', typed_config: typed('envoy.extensions.filters.http.router.v3.Router', {}) },
    ],
    ...(filtered && {
      access_log: [
        {
          name: 'file',
          typed_config: typed('envoy.extensions.access_loggers.file.v3.FileAccessLog', {
            path: `${folder}/access.log`,
          }),
        },
      ],
    }),
  });
  const tls = {
    name: 'tls',
    typed_config: typed('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: {
        tls_certificates: [
          { certificate_chain: { filename: certificate.cert }, private_key: { filename: certificate.key } },
        ],
      },
    }),
  };
  const address = (value) => ({ socket_address: { address: '127.0.0.1', port_value: value } });
  const limits = { max_connections: 8192, max_pending_requests: 8192, max_requests: 8192 };
  const conf = join(folder, 'envoy.json');
  writeFileSync(
    conf,
    JSON.stringify({
      static_resources: {
        listeners: [
          {
            name: 'bench',
            address: address(port),
            filter_chains: [
              {
                filters: [{ name: 'hcm', typed_config: manager }],
                ...(variant === 'tls' && { transport_socket: tls }),
              },
            ],
          },
        ],
        clusters: [
          {
            name: 'origin',
            type: 'STATIC',
            connect_timeout: '2s',
            circuit_breakers: { thresholds: [limits] },
            load_assignment: {
              cluster_name: 'origin',
              endpoints: [{ lb_endpoints: [{ endpoint: { address: address(originPort) } }] }],
            },
          },
        ],
      },
    }),
  );
  return { command: [binary(), '-c', conf, '--concurrency', '1', '--disable-hot-restart', '-l', 'error'] };
}
