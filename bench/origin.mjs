import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * nginx as the service behind the proxies. A body is read to its end before it is answered: nginx buffers it on the
 * way to its own second listener.
 */
export function originCommand(folder, port) {
  writeFileSync(join(folder, 'large.bin'), 'x'.repeat(65_536));
  const conf = join(folder, 'origin.conf');
  writeFileSync(
    conf,
    `daemon off; user root; worker_processes 1; pid ${folder}/origin.pid; error_log ${folder}/origin.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600; client_body_buffer_size 256k;
  client_body_temp_path ${folder}/origin-body; proxy_temp_path ${folder}/origin-proxy;
  fastcgi_temp_path ${folder}/o-f; uwsgi_temp_path ${folder}/o-u; scgi_temp_path ${folder}/o-s;
  upstream answer { server unix:${folder}/answer.sock; keepalive 64; }
  server { listen unix:${folder}/answer.sock; location / { return 200 "taken"; } }
  server {
    listen 127.0.0.1:${port} backlog=4096 reuseport;
    location / { return 200 "${'x'.repeat(100)}"; }
    location = /large.bin { root ${folder}; sendfile on; }
    location = /upload {
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Content-Length "";
      proxy_pass_request_body off; proxy_pass http://answer;
    }
  }
}
`,
  );
  return ['nginx', '-p', folder, '-c', conf];
}
