import { freePorts, startEngine, type Engine } from './engine.ts';

/** A single Consul server in development mode, everything in memory, on free ports. */
export async function startConsul(): Promise<Engine> {
  const [http = 0, serf = 0, server = 0] = await freePorts(3);
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
