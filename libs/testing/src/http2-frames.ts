import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const FrameType = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
};
export const END_STREAM = 1;
export const END_HEADERS = 4;
export const ACK = 1;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** A header block of literals that are neither indexed nor Huffman coded (RFC 7541 6.2.2): any bytes can be said. */
export function block(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [Buffer.of(0), length(name), latin1(name), length(value), latin1(value)]),
  );
}

export const GET_FIELDS = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a'],
] as const;

/** The head of a GET; with other flags it goes on. */
export function getRequest(stream: number, flags = END_HEADERS | END_STREAM): Buffer {
  return frame(FrameType.headers, flags, stream, block(GET_FIELDS));
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An integer with a prefix of seven bits (RFC 7541 5.1). */
function length(text: string): Buffer {
  let left = text.length;
  if (left < 127) return Buffer.of(left);
  const bytes = [127];
  for (left -= 127; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Buffer.of(...bytes, left);
}

/** An HTTP/2 client that says what it is told to, however wrong, and keeps the frames that it gets. */
export class FrameClient {
  readonly frames: Frame[] = [];
  closed = false;
  readonly socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('close', () => {
      this.closed = true;
      for (const look of this.#waiting) look();
    });
  }

  /** Connects, and exchanges SETTINGS. */
  static async open(port: number): Promise<FrameClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new FrameClient(socket);
    client.send(Buffer.from(PREFACE), frame(FrameType.settings, 0, 0));
    await client.until(({ type, flags }) => type === FrameType.settings && flags === ACK);
    client.send(frame(FrameType.settings, ACK, 0));
    return client;
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The first frame that is it; undefined when the connection ends before. */
  until(wanted: (frame: Frame) => boolean): Promise<Frame | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.frames.find(wanted);
        if (!found && !this.closed) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** How a stream ended: the code of its reset, 0 for its regular end, or -1 when the connection ended first. */
  async endOf(stream: number): Promise<number> {
    const last = await this.until((candidate) => {
      const ends =
        candidate.type === FrameType.reset || candidate.type === FrameType.data || candidate.type === FrameType.headers;
      return (
        candidate.stream === stream &&
        ends &&
        (candidate.type === FrameType.reset || (candidate.flags & END_STREAM) !== 0)
      );
    });
    if (!last) return -1;
    return last.type === FrameType.reset ? last.payload.readUInt32BE(0) : 0;
  }

  /** Code of the GOAWAY that ends the connection; undefined when it ends without. */
  async expelled(): Promise<number | undefined> {
    await this.until(() => false);
    return this.frames.findLast(({ type }) => type === FrameType.goaway)?.payload.readUInt32BE(4);
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 9) {
      const size = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + size) break;
      this.frames.push({
        type: this.#rest.readUInt8(3),
        flags: this.#rest.readUInt8(4),
        stream: this.#rest.readUInt32BE(5) & 0x7fffffff,
        payload: this.#rest.subarray(9, 9 + size),
      });
      this.#rest = this.#rest.subarray(9 + size);
    }
    for (const look of this.#waiting) look();
  }
}
