import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeCount } from '../scenarios.mjs';

export const name = 'nginx';

export function version() {
  return /nginx\/(\S+)/.exec(execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' }))?.[1];
}

export function command({ variant, folder, port, originPort, certificate }) {
  const target = 'proxy_pass http://origin;';
  const routes =
    variant === 'filters'
      ? `location /filtered/ {
           limit_req zone=all burst=1000000 nodelay; rewrite ^/filtered/(.*)$ /$1 break;
           proxy_set_header X-Added yes; proxy_set_header X-Removed ""; add_header X-Answered yes;
           proxy_hide_header Server; proxy_next_upstream error timeout; ${target}
         }`
      : variant.startsWith('routes-')
        ? Array.from({ length: routeCount(variant) }, (_, n) => `location /r${n}/ { ${target} }`).join('\n')
        : `location / { ${target} }`;
  const conf = join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 4096; }
http {
  access_log ${variant === 'filters' ? `${folder}/access.log combined buffer=64k` : 'off'};
  keepalive_requests 1000000000; keepalive_timeout 3600; client_max_body_size 0; proxy_request_buffering off;
  client_body_temp_path ${folder}/n-b; proxy_temp_path ${folder}/n-p; fastcgi_temp_path ${folder}/n-f;
  uwsgi_temp_path ${folder}/n-u; scgi_temp_path ${folder}/n-s;
  limit_req_zone $binary_remote_addr zone=all:1m rate=1000000r/s;
  upstream origin { server 127.0.0.1:${originPort}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port}${variant === 'tls' ? ' ssl' : ''} backlog=4096;
    ${variant === 'tls' ? `ssl_certificate ${certificate.cert}; ssl_certificate_key ${certificate.key};` : ''}
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
    ${routes}
  }
}
`,
  );
  return { command: ['nginx', '-p', folder, '-c', conf] };
}
