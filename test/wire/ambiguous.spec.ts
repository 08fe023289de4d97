import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();

describe('ambiguous requests on the wire', () => {
  it.each([
    [
      'length and coding',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx'],
    ['bare line feed', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
    ['folded line', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n'],
    ['space before the colon', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
    ['absolute form with another host', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
  ])('refuses %s, closes, and the service sees nothing of it', async (_, bytes) => {
    const origin = await wire.origin(echoPath);
    const answers = await wire.answers(await wire.serve([origin.port]), `${bytes}${head('GET', '/smuggled')}`);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(origin.connections).toEqual([]);
  });

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n\r\n'],
    ['no HTTP', 'garbage\r\n\r\n'],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['chunks in a 204', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('answers 502 for %s from the service and never uses the connection again', async (_, bytes) => {
    const origin = await wire.origin((received, socket) =>
      received.includes('/next') ? echoPath(received, socket) : void socket.write(bytes),
    );
    const port = await wire.serve([origin.port]);
    const answers = await wire.answers(port, head('GET', '/') + last('GET', '/next'));
    expect(answers.map(({ status }) => status)).toEqual([502, 200]);
    expect(wire.outcomes()).toEqual(['upstream-bad-response', 'success']);
    expect(origin.connections).toHaveLength(2);
  });

  it.each([
    ['bytes behind the answer', `${sized('ok')}HTTP/1.1 200 OK\r\n`],
    ['a whole second answer', sized('ok') + sized('evil')],
    ['a body behind a 304', sized('evil', '', '304 Not Modified')],
    ['"Connection: close"', sized('ok', 'Connection: close\r\n')],
  ])('never uses a connection again after %s', async (_, bytes) => {
    const origin = await wire.origin((received, socket) =>
      received.includes('/next') ? echoPath(received, socket) : void socket.write(bytes),
    );
    const port = await wire.serve([origin.port]);
    const answers = await wire.answers(port, head('GET', '/') + last('GET', '/next'));
    expect(answers.map(({ body }) => body)).toEqual([bytes.includes(' 304 ') ? '' : 'ok', '/next']);
    expect(origin.connections).toHaveLength(2);
  });

  it('closes an idle connection on which the service speaks unasked', async () => {
    const origin = await wire.origin((received, socket) => {
      echoPath(received, socket);
      if (received.includes('/first') && !received.includes('/next')) setTimeout(() => socket.write(sized('evil')), 20);
    });
    const port = await wire.serve([origin.port]);
    const client = await wire.client(port);
    await client.send(head('GET', '/first')).until('/first');
    await origin.until(({ closed }) => closed === 1);
    expect(await client.send(last('GET', '/next')).end()).toMatch(/\r\n\r\n\/next$/);
    expect(origin.connections).toHaveLength(2);
  });
});
