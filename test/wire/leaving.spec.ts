import { endpoint, type Cluster } from '#traffic';
import { head, last, WireGateway } from './gateway.ts';

const wire = WireGateway.use();
const silent = () => undefined;

describe('a service that never shakes hands, left while it was being connected to', () => {
  const connecting: Partial<Cluster> = { connectTimeoutMs: 50, tls: { verify: false } };

  it('is given up in time by a discovered cluster', async () => {
    const origin = await wire.origin(silent);
    wire.plane.updateEndpoints({ cluster: 'all', endpoints: [endpoint({ host: '127.0.0.1', port: origin.port })] });
    const port = await wire.serve([], {
      cluster: { ...connecting, endpoints: { kind: 'discovered', service: 'all' } },
    });
    const client = (await wire.client(port)).send(last('POST', '/', 'Content-Length: 0\r\n'));
    await origin.until(({ connections }) => connections.length === 1);
    wire.plane.updateEndpoints({ cluster: 'all', endpoints: [] });
    expect(await client.end()).toMatch(/^HTTP\/1\.1 502 /);
    expect(wire.outcomes()).toEqual(['upstream-connect-failed']);
    await origin.until(({ closed }) => closed === 1);
  });

  it('is given up in time by a cluster that a new configuration replaced, for those in line too', async () => {
    const origin = await wire.origin(silent);
    const port = await wire.serve([origin.port], { cluster: { ...connecting, maxConnections: 1 } });
    const request = last('POST', '/', 'Content-Length: 0\r\n');
    const first = (await wire.client(port)).send(request);
    const second = (await wire.client(port)).send(request);
    await wire.until(() => wire.plane.inFlight === 2);
    wire.apply([]);
    expect(await first.end()).toMatch(/^HTTP\/1\.1 502 /);
    expect(await second.end()).toMatch(/^HTTP\/1\.1 502 /);
    expect(wire.outcomes()).toEqual(['upstream-connect-failed', 'upstream-connect-failed']);
    await origin.until(({ closed }) => closed === 2);
  });
});

describe('a client that leaves while nothing of it is read', () => {
  it.each([1, 3_000])('is noticed behind %d more requests than the one that is being answered', async (more) => {
    const origin = await wire.origin(silent);
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('GET', '/1'));
    await origin.until(({ connections }) => connections.length === 1);
    client.send(head('GET', `/${'x'.repeat(1_000)}`).repeat(more));
    await settled();
    client.socket.resetAndDestroy();
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted' }]);
    await origin.until(({ closed }) => closed === 1);
  });

  // What cannot be sent lies in the client's own system, FIN behind it: there only a reset can be seen.
  it.each([
    ['FIN', 500_000],
    ['RST', 500_000],
    ['RST', 30_000_000],
  ])('is noticed in the middle of a body that no service takes (%s behind %d bytes)', async (how, bytes) => {
    const origin = await wire.origin(silent);
    const client = await wire.client(await wire.serve([origin.port], { cluster: { tls: { verify: false } } }));
    client.send(head('POST', '/', 'Content-Length: 100000000\r\n'));
    await origin.until(({ connections }) => connections.length === 1);
    client.send(Buffer.alloc(bytes, 'x'));
    await settled();
    if (how === 'RST') client.socket.resetAndDestroy();
    else client.socket.destroy();
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted' }]);
    await origin.until(({ closed }) => closed === 1);
  });
});

/** Until everybody has read what they will read. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}
