import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { describeFailure, refusalOf } from './failure.ts';
import { openStream } from './open-stream.ts';

describe('describeFailure', () => {
  const coded = (code: string, more: ErrorOptions = {}) => Object.assign(new Error(`x ${code}`, more), { code });

  it.each<[unknown, string]>([
    [coded('ECONNREFUSED'), 'nothing listens there'],
    [new Error('outer', { cause: coded('ENOTFOUND') }), 'its host name is not known'],
    [new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), 'nothing listens there'],
    [new DOMException('x', 'TimeoutError'), 'it does not answer in time'],
    [new Error('outer', { cause: new Error('no answer within 5000 ms') }), 'no answer within 5000 ms'],
    [new Error('aborted'), 'the connection broke off'],
    ['text', 'text'],
  ])('%s: %s', (error, reason) => expect(describeFailure(error)).toBe(reason));
});

describe('refusalOf', () => {
  let server: Server;
  afterEach(() => server.close());

  it.each([
    ['{"status":500,"detail":"a.yml:1:4: no"}', 'it answers 500: a.yml:1:4: no'],
    ['{"status":500,"message":"a.yml:1:4: no\\nb.yml"}', 'it answers 500: a.yml:1:4: no | b.yml'],
    ['{"detail":"no HEAD","remedy":"make one"}', 'it answers 500: no HEAD; make one'],
    ['{"detail":1}', 'it answers 500'],
    ['null', 'it answers 500'],
    ['<html>', 'it answers 500'],
    ['', 'it answers 500'],
    [`{"detail":"${'x'.repeat(100_000)}"}`, 'it answers 500'],
  ])('reads %#', async (body, message) => {
    server = createServer((_request, response) => response.writeHead(500).end(body));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const response = await openStream(url, {}, AbortSignal.timeout(5_000));
    expect((await refusalOf(response)).message).toBe(message);
  });
});
