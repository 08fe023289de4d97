/**
 * A service instance of its own process: registers by plain REST, renews, answers with its name and what it was asked.
 * `?delay=MS` answers later, `?tell` prints when it was asked.
 *
 * instance.mjs SERVICE REGISTRY_URL [TTL_SECONDS]
 */
import { once } from 'node:events';
import http from 'node:http';

const [service, registry, ttl = '2'] = process.argv.slice(2);
const server = http.createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const url = new URL(request.url, 'http://instance');
  const body = JSON.stringify({ pid: process.pid, id: url.searchParams.get('id'), path: url.pathname });
  if (url.searchParams.has('tell')) process.stdout.write(`asked for ${url.searchParams.get('id')}\n`);
  request.resume();
  request.on('end', () => {
    setTimeout(
      () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        response.end(body);
      },
      Number(url.searchParams.get('delay') ?? 0),
    );
  });
});

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const id = `${service}-${port}`;
const collection = `${registry}/api/v1/services/${service}/instances`;

function register() {
  return fetch(collection, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, host: '127.0.0.1', port, ttl: `${ttl}s` }),
  });
}

async function renew() {
  try {
    const renewed = await fetch(`${collection}/${id}/renew`, { method: 'PUT' });
    if (renewed.status === 404) await register();
  } catch {
    // The registry is away; it will be back.
  }
}

await register();
process.stdout.write(`registered ${id}\n`);
setInterval(() => void renew(), Number(ttl) * 250);
