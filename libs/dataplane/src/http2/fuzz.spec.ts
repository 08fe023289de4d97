import { once } from 'node:events';
import { connect } from 'node:net';
import { ask, answering, block, END_HEADERS, END_STREAM, frame, FrameType, PlaneFixture } from '#testing';

const ROUNDS = 400;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = frame(FrameType.settings, 0, 0);
const FIELDS = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/known'],
  [':authority', 'a'],
] as const;
const ODD = [
  [':method', 'CONNECT'],
  [':protocol', 'websocket'],
  [':path', '/other'],
  ['content-length', '3'],
  ['te', 'trailers'],
  ['expect', '100-continue'],
  ['host', 'b'],
  ['transfer-encoding', 'chunked'],
  ['x', 'a\r\nb: c'],
  ['connection', 'close'],
] as const;

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

/** The same numbers at every run (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function nonsense(random: (below: number) => number): Buffer {
  const frames = [PREFACE, SETTINGS];
  let stream = 1;
  for (let count = random(4) > 0 ? random(30) : 1; count >= 0; count--) {
    const target = random(4) > 0 ? stream : random(stream + 4);
    const odd = ODD[random(ODD.length)] ?? FIELDS[0];
    const makers = [
      () => frame(FrameType.headers, END_HEADERS | random(2), stream, block(FIELDS)),
      () => frame(FrameType.headers, END_HEADERS | random(2), stream, block([...FIELDS, odd])),
      () => frame(FrameType.headers, random(6), target, block([odd])),
      () => frame(FrameType.data, random(2), target, Buffer.alloc(random(500))),
      () => frame(FrameType.reset, 0, target, Buffer.alloc(4)),
      () => frame(FrameType.windowUpdate, 0, random(2) * target, Buffer.of(0, 0, random(9), random(256))),
      () => frame(FrameType.settings, 0, 0, Buffer.of(0, random(9), 0, 0, random(256), random(256))),
      () => frame(random(12), random(256), target, Buffer.alloc(random(20), random(256))),
    ];
    // Every other frame begins a request, and every fourth client says little.
    frames.push(makers[random(2) > 0 ? 0 : random(makers.length)]?.() ?? SETTINGS);
    if (random(2) > 0) stream += 2;
  }
  return Buffer.concat(frames);
}

async function say(port: number, bytes: Buffer, cut: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise((resolve) => void socket.on('close', resolve));
  socket.write(bytes.subarray(0, cut));
  setImmediate(() => socket.end(bytes.subarray(cut)));
  await closed;
}

it('outlives whatever a client says, and sends on nothing but requests', async () => {
  const limits = { headerTimeoutMs: 200, keepAliveTimeoutMs: 200 };
  const { listener, origin } = await fixture.serve(
    answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    { limits },
    { timeouts: { totalMs: 200 } },
  );
  const random = numbers(20_261_124);
  for (let round = 0; round < ROUNDS; round += 20) {
    const inputs = Array.from({ length: 20 }, () => nonsense(random));
    await Promise.all(inputs.map((bytes) => say(listener.port, bytes, random(bytes.length))));
  }
  await fixture.until(() => fixture.plane.inFlight === 0);
  const lines = origin.connections.join('').match(/^[A-Z]+ \S+ HTTP\/1\.1\r$/gm) ?? [];
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => !/^(?:POST \/known|GET \/known) HTTP/.test(line))).toEqual([]);
  expect(await ask(fixture.http2(listener), {})).toMatchObject({ status: 200 });
}, 60_000);

it('outlives a stream that ends with its connection before anybody has seen it', async () => {
  const { listener } = await fixture.serve(() => undefined);
  const socket = connect(listener.port, '127.0.0.1').resume();
  socket.on('error', () => undefined);
  const headers = frame(FrameType.headers, END_HEADERS | END_STREAM, 1, block(FIELDS));
  socket.write(Buffer.concat([PREFACE, SETTINGS, headers, frame(FrameType.data, 0, 0, 'x')]));
  await once(socket, 'close');
  await fixture.until(() => fixture.plane.inFlight === 0);
});
