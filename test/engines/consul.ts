import { freePorts, startEngine, type Engine } from './engine.ts';

/** A single Consul server in development mode, everything in memory, on free ports; `port` for one that comes back. */
export async function startConsul(port?: number): Promise<Engine> {
  const [free = 0, serf = 0, server = 0] = await freePorts(3);
  const http = port ?? free;
  return startEngine(
    'consul',
    http,
    () =>
      (
        `agent -dev -bind 127.0.0.1 -client 127.0.0.1 -http-port ${http} -dns-port -1 -grpc-port -1 -grpc-tls-port -1 ` +
        `-serf-lan-port ${serf} -serf-wan-port -1 -server-port ${server}`
      ).split(' '),
    async () => {
      const answer = await fetch(`http://127.0.0.1:${http}/v1/status/leader`);
      return answer.ok && (await answer.text()).length > 2;
    },
  );
}
