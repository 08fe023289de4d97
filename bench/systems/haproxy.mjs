import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeCount } from '../scenarios.mjs';

export const name = 'HAProxy';

export function version() {
  return /version (\S+)/.exec(execFileSync('haproxy', ['-v'], { encoding: 'utf8' }))?.[1];
}

export function command({ variant, folder, port, originPort, certificate }) {
  const conf = join(folder, 'haproxy.cfg');
  const map = join(folder, 'routes.map');
  let routing = 'default_backend origin';
  if (variant.startsWith('routes-')) {
    writeFileSync(map, Array.from({ length: routeCount(variant) }, (_, n) => `/r${n}/ origin\n`).join(''));
    routing = `use_backend %[path,map_beg(${map})]`;
  }
  const filters =
    variant === 'filters'
      ? `
  stick-table type ip size 100k expire 30s store http_req_rate(10s)
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000000 }
  http-request replace-path /filtered/(.*) /\\1
  http-request set-header X-Added yes
  http-request del-header X-Removed
  http-response set-header X-Answered yes
  http-response del-header Server
  option httplog
  log global`
      : '';
  const bind = variant === 'tls' ? ` ssl crt ${certificate.both}` : '';
  writeFileSync(
    conf,
    `global
  nbthread 1
  maxconn 8192
  ${variant === 'filters' ? `log ${folder}/log.sock len 1024 local0` : ''}
defaults
  mode http
  timeout connect 5s
  timeout client 3600s
  timeout server 3600s
  option http-keep-alive
  http-reuse always
  retries 2
frontend bench
  bind 127.0.0.1:${port}${bind} backlog 4096
  option forwardfor${filters}
  ${routing}
backend origin
  server one 127.0.0.1:${originPort}
`,
  );
  return { command: ['haproxy', '-db', '-q', '-f', conf] };
}
