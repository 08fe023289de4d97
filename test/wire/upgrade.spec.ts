import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: echo\r\n';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Kept: 1\r\n\r\n';

describe('an upgraded connection', () => {
  it('carries bytes both ways, those right behind the heads included', async () => {
    const origin = await wire.origin((received, socket) => {
      const sent = received.split('\r\n\r\n')[1] ?? '';
      if (!received.includes('more')) socket.write(`${SWITCH}early:`);
      if (sent !== '') socket.write(`[${sent}]`);
    });
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(`${head('GET', '/chat', UPGRADE)}hello`);
    await client.until(/early:[^]*\[hello\]/);
    expect(client.received).toMatch(
      /^HTTP\/1\.1 101 [^]*X-Kept: 1\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly:/,
    );
    client.send('more');
    await client.until('[hellomore]');
    expect(origin.connections[0]).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhellomore$/);
    expect(wire.plane.inFlight).toBe(1);
    client.socket.end();
    await client.end();
    expect(await wire.recorded(1)).toMatchObject([{ status: 101, outcome: 'success' }]);
    await wire.until(() => wire.plane.inFlight === 0);
  });

  it('delivers the last words of the service', async () => {
    const origin = await wire.origin((_received, socket) => void socket.end(`${SWITCH}bye`));
    expect(await wire.talk(await wire.serve([origin.port]), head('GET', '/', UPGRADE))).toMatch(/\r\n\r\nbye$/);
    expect((await wire.recorded(1)).map(({ outcome }) => outcome)).toEqual(['success']);
  });

  it('still carries the answer to a client that has half-closed', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.includes('last words')) {
        socket.allowHalfOpen = true;
        socket.on('end', () => void socket.end('heard'));
      } else socket.write(SWITCH);
    });
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('GET', '/', UPGRADE));
    await client.until('101');
    client.socket.end('last words');
    expect(await client.end()).toMatch(/heard$/);
  });

  it('still carries what the client says when the service has half-closed', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.endsWith('\r\n\r\n')) {
        socket.allowHalfOpen = true;
        socket.end(SWITCH);
      }
    });
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('GET', '/', UPGRADE));
    await client.until('101');
    await wire.until(() => client.ended);
    client.socket.end('afterwards');
    await origin.until(({ connections }) => connections[0]?.endsWith('afterwards') === true);
    await origin.until(({ closed }) => closed === 1);
    expect((await wire.recorded(1)).map(({ outcome }) => outcome)).toEqual(['success']);
  });

  it('ends on both sides when either breaks', async () => {
    for (const side of ['client', 'service']) {
      const origin = await wire.origin((received, socket) => {
        if (received.endsWith('break')) socket.resetAndDestroy();
        else socket.write(SWITCH);
      });
      const client = await wire.client(await wire.serve([origin.port]));
      client.send(head('GET', '/', UPGRADE));
      await client.until('101');
      if (side === 'client') client.socket.resetAndDestroy();
      else client.send('break');
      await origin.until(({ closed }) => closed === 1);
      await wire.until(() => wire.plane.inFlight === 0);
    }
    expect(wire.records).toHaveLength(2);
  });

  it('ends when it is idle for too long', async () => {
    const origin = await wire.origin((_received, socket) => void socket.write(SWITCH));
    const port = await wire.serve([origin.port], { route: { timeouts: { idleMs: 50 } } });
    expect(await wire.talk(port, head('GET', '/', UPGRADE))).toMatch(/^HTTP\/1\.1 101 /);
    await origin.until(({ closed }) => closed === 1);
    expect(await wire.recorded(1)).toHaveLength(1);
  });
});

it('answers an upgrade that the service declines, and keeps the connection', async () => {
  const origin = await wire.origin(echoPath);
  const answers = await wire.answers(await wire.serve([origin.port]), head('GET', '/1', UPGRADE) + last('GET', '/2'));
  expect(answers).toMatchObject([
    { status: 200, body: '/1' },
    { status: 200, body: '/2' },
  ]);
});

it.each([
  ['to HTTP/2', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'],
  ['without "Connection: Upgrade"', 'Upgrade: echo\r\n'],
  ['to several protocols', 'Connection: Upgrade\r\nUpgrade: echo, h2c\r\n'],
  ['with a body', `${UPGRADE}Content-Length: 2\r\n`],
])('passes an upgrade %s on as an ordinary request', async (_, more) => {
  const origin = await wire.origin((_received, socket) => void socket.write(sized('plain')));
  const body = more.includes('Content-Length') ? 'hi' : '';
  const port = await wire.serve([origin.port]);
  expect(await wire.answers(port, head('GET', '/', more) + body + last('GET', '/'))).toMatchObject([
    { body: 'plain' },
    { body: 'plain' },
  ]);
  expect(origin.connections.join('')).not.toMatch(/upgrade|http2-settings/i);
});
