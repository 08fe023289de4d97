/** A small service of `cardea up --demo`: what a service needs to do to be found, with nothing but Node. */
import { createServer } from 'node:http';

const [name = 'demo', registry = '', config = ''] = process.argv.slice(2);
/** Seconds; a killed instance is gone after this. */
const TTL = 2;
let greeting = 'Hello';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ service: name, pid: process.pid, greeting, path: request.url })}\n`);
});

async function readGreeting(): Promise<void> {
  const response = await fetch(`${config}/${name}/default`);
  const { propertySources }: { propertySources: { source: Record<string, unknown> }[] } = JSON.parse(
    await response.text(),
  );
  const found = propertySources.find(({ source }) => 'greeting' in source)?.source['greeting'];
  if (typeof found === 'string') greeting = found;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const instances = `${registry}/api/v1/services/${name}/instances`;
  const id = `127.0.0.1:${name}:${port}`;
  const register = () =>
    fetch(instances, { method: 'POST', body: JSON.stringify({ id, host: '127.0.0.1', port, ttl: TTL }) });
  const renew = async () => {
    const { status } = await fetch(`${instances}/${id}/renew`, { method: 'PUT' });
    // A registry that has forgotten us says 404.
    if (status === 404) await register();
  };
  const ignore = () => undefined;
  void register().catch(ignore);
  void readGreeting().catch(ignore);
  setInterval(() => void renew().catch(ignore), (TTL * 1_000) / 4);
  const leave = () =>
    void fetch(`${instances}/${id}`, { method: 'DELETE' })
      .catch(ignore)
      .finally(() => process.exit(0));
  process.once('SIGTERM', leave);
  process.once('SIGINT', ignore);
  // The parent is gone, however it went.
  process.once('disconnect', () => process.exit(0));
});
