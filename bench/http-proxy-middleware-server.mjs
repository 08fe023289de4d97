import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createProxyMiddleware } from 'http-proxy-middleware';

const [port, originPort, cert, key] = process.argv.slice(2);
const proxy = createProxyMiddleware({
  target: `http://127.0.0.1:${originPort}`,
  xfwd: true,
  agent: new http.Agent({ keepAlive: true, maxSockets: 256 }),
});
const answer = (request, response) => void proxy(request, response, () => response.writeHead(404).end());
const server =
  cert === undefined
    ? http.createServer({ keepAliveTimeout: 3_600_000 }, answer)
    : https.createServer(
        { cert: readFileSync(cert), key: readFileSync(key), keepAliveTimeout: 3_600_000, ALPNProtocols: ['http/1.1'] },
        answer,
      );
server.listen(Number(port), '127.0.0.1', 4096);
