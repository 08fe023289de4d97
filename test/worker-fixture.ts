/** A worker process whose data plane answers every request with its pid and what it was given; `/trip` opens a breaker. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { breakerChanged } from '#dataplane';
import { runWorker } from '../apps/gateway/src/run-worker.ts';

let version = 'none';
let endpoints = 0;
const server = createServer(({ url }, response) => {
  if (url === '/trip') breakerChanged.publish({ breaker: 'orders', from: 'closed', to: 'open' });
  response.end(JSON.stringify({ pid: process.pid, version, endpoints }));
});

runWorker(
  {
    inFlight: 0,
    async listen({ address: host, port }) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port, reusePort: true }, resolve);
      });
      const bound: AddressInfo | string | null = server.address();
      return typeof bound === 'object' ? (bound?.port ?? 0) : 0;
    },
    renew: () => undefined,
    async apply(config) {
      if (config.routes.some(({ id }) => id === 'bad')) {
        return { accepted: false, problems: [{ severity: 'error', code: 'bad', message: 'a bad route' }] };
      }
      version = config.version;
      return { accepted: true };
    },
    updateEndpoints: (set) => void (endpoints = set.endpoints.length),
    view: async () => [
      {
        id: 'a',
        balancing: 'random',
        planes: 1,
        endpoints: [{ id: 'x', host: 'h', port: 1, weight: 1, active: 1, ejectedBy: 0 }],
      },
    ],
    drain: async () => {
      server.close();
      return 0;
    },
    close: async () => undefined,
  },
  process,
  () => process.exit(0),
);
