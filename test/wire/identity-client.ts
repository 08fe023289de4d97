import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { takeAnswer, type RawAnswer } from '#testing';
import { BEHAVIOURS, type Behaviour } from './identity-origin.ts';
import type { Random } from './random.ts';

/** What became of one request, as its client saw it. */
export interface Fate {
  readonly id: string;
  readonly method: string;
  readonly behaviour: Behaviour;
  /**
   * `answered` by the service, `told` of a failure by the gateway, `cut` within the answer (a reset may take its first
   * bytes along), `unanswered` on a connection that ended for a reason before it, `left` by the client itself.
   */
  readonly end: 'answered' | 'told' | 'cut' | 'unanswered' | 'left';
  readonly status: number;
}

interface Asked {
  readonly id: string;
  readonly method: string;
  readonly behaviour: Behaviour;
  readonly size: number;
  readonly bytes: string;
}

let connections = 0;

/** Sends one batch of requests on one connection, more or less politely, and tells the fate of each. Throws for a mix-up. */
export async function runClient(port: number, random: Random, batch: number, ca?: string): Promise<Fate[]> {
  const name = (connections++).toString(36);
  const asked = Array.from({ length: batch }, (_, index) => ask(`${name}-${index}`, random));
  const to = { port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true };
  const socket = ca === undefined ? connect(to) : connectTls({ ...to, ca, servername: 'localhost' });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  socket.on('error', () => undefined);
  const leavesAfter = random.chance(0.1) ? random.between(0, 20_000) : Number.POSITIVE_INFINITY;
  const reading = read(socket, asked, leavesAfter, random);
  await write(socket, asked, random);
  return reading;
}

function ask(id: string, random: Random): Asked {
  const behaviour = random.chance(0.7)
    ? random.pick<Behaviour>(['sized', 'chunked', 'early', 'late'])
    : random.pick<Behaviour>(BEHAVIOURS);
  const method = random.pick(['GET', 'GET', 'POST', 'PUT']);
  const size = random.chance(0.1) ? random.between(2_000, 20_000) : random.between(1, 200);
  const head = `${method} /${behaviour}/${size}/${id} HTTP/1.1\r\nHost: a\r\nX-Id: ${id}\r\n`;
  if (method === 'GET') return { id, method, behaviour, size, bytes: `${head}\r\n` };
  const body = `${id}|`.repeat(random.chance(0.15) ? random.between(2_000, 20_000) : random.between(0, 100));
  if (random.chance(0.5)) {
    return { id, method, behaviour, size, bytes: `${head}Content-Length: ${body.length}\r\n\r\n${body}` };
  }
  let chunks = '';
  for (let at = 0; at < body.length;) {
    const piece = body.slice(at, at + random.between(1, 30_000));
    chunks += `${piece.length.toString(16)}\r\n${piece}\r\n`;
    at += piece.length;
  }
  return { id, method, behaviour, size, bytes: `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n` };
}

/** All at once, or in pieces with pauses. */
async function write(socket: Socket, asked: readonly Asked[], random: Random): Promise<void> {
  const bytes = asked.map((request) => request.bytes).join('');
  if (random.chance(0.5)) {
    socket.write(bytes, 'latin1');
  } else {
    for (let at = 0; at < bytes.length && socket.writable;) {
      const length = random.between(1, 40_000);
      socket.write(bytes.slice(at, at + length), 'latin1');
      at += length;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  if (random.chance(0.2)) socket.end();
}

function read(socket: Socket, asked: readonly Asked[], leavesAfter: number, random: Random): Promise<Fate[]> {
  const fates: Fate[] = [];
  const slow = random.chance(0.1);
  let text = '';
  let bytes = 0;
  let left = false;
  let mayEnd = false;
  return new Promise((resolve, reject) => {
    const tell = (request: Asked, end: Fate['end'], status: number): void => {
      fates.push({ id: request.id, method: request.method, behaviour: request.behaviour, end, status });
    };
    const take = (ended: boolean): void => {
      for (let request = asked[fates.length]; request; request = asked[fates.length]) {
        const taken = takeAnswer(text, request.method, ended);
        if (!taken) return;
        const { answer } = taken;
        if (answer.headers['x-id'] !== undefined) checkIdentity(request, answer);
        if (!answer.complete) return;
        text = taken.rest;
        if (answer.headers['connection'] === 'close') mayEnd = true;
        tell(request, answer.headers['x-id'] === undefined ? 'told' : 'answered', answer.status);
      }
    };
    const done = (): void => {
      try {
        take(true);
        let first = true;
        for (let request = asked[fates.length]; request; request = asked[fates.length]) {
          if (left) tell(request, 'left', 0);
          else if (!first || mayEnd) tell(request, 'unanswered', 0);
          else tell(request, 'cut', 0);
          first = false;
        }
        if (!left && text !== '' && !fates.some((fate) => fate.end === 'cut')) {
          throw new Error(`bytes behind the last answer: ${JSON.stringify(text.slice(0, 300))}`);
        }
        resolve(fates);
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    };
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      bytes += piece.length;
      try {
        take(false);
      } catch (error) {
        reject(error);
        return void socket.destroy();
      }
      if (bytes > leavesAfter) left = true;
      if (left || fates.length === asked.length) return done();
      if (slow) {
        socket.pause();
        setTimeout(() => socket.resume(), 2);
      }
    });
    const stuck = setTimeout(() => {
      const next = asked[fates.length];
      const got = `${fates.length} of ${asked.length} answers and ${text.length} bytes`;
      reject(new Error(`${next?.id ?? ''} hangs: ${got}, ${next?.bytes.slice(0, 120) ?? ''}`));
      socket.destroy();
    }, 8_000);
    socket.on('end', done);
    socket.on('close', () => {
      clearTimeout(stuck);
      done();
    });
  });
}

function checkIdentity({ id, size }: Asked, answer: RawAnswer): void {
  if (answer.headers['x-id'] !== id) throw new Error(`${id} got the answer of ${answer.headers['x-id'] ?? ''}`);
  const expected = `${id}|`.repeat(size);
  if (!expected.startsWith(answer.body)) throw new Error(`${id} got another body: ${answer.body.slice(0, 200)}`);
  if (answer.complete && answer.body !== expected) throw new Error(`${id} got a short body`);
}
