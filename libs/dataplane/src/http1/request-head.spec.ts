import { BARE_LF, HeadBuffer, INCOMPLETE } from './head-buffer.ts';
import { HeaderKind, HOP_BY_HOP } from '../message/header-kind.ts';
import { parseRequestHead } from './request-head.ts';
import { headText } from './scan-lines.ts';

const LIMITS = { maxHeaderCount: 10, maxTargetBytes: 64 };
const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const parse = (...lines: string[]) => parseRequestHead(headText(head(...lines)), LIMITS);

describe('parseRequestHead', () => {
  it('reads target, host and framing, and leaves the rest as it came', () => {
    const read = parse('POST /a%2Fb?c=d HTTP/1.1', 'HOST:  a.test:80 ', 'content-length: 5', 'X-Odd:  v ', 'X-odd:w');
    if ('code' in read) throw new Error(read.code);
    expect(read).toMatchObject({
      method: 'POST',
      path: '/a%2Fb',
      query: 'c=d',
      authority: 'a.test:80',
      framing: 5,
      keepAlive: true,
    });
    expect(read.headers.getAll('x-odd')).toEqual(['v', 'w']);
    expect(read.headers.serialize(HeaderKind.host)).toBe('content-length: 5\r\nX-Odd:  v \r\nX-odd:w\r\n');
  });

  it('takes out the lines that end at this hop, those that Connection names included', () => {
    const read = parse(
      'GET / HTTP/1.1',
      'Host: a',
      'Connection: close, X-Mine',
      'A: 1',
      'X-Mine: 2',
      'TE: trailers',
      'B: 3',
    );
    if ('code' in read) throw new Error(read.code);
    expect(read.keepAlive).toBe(false);
    expect(read.headers.serialize(HOP_BY_HOP)).toBe('Host: a\r\nA: 1\r\nB: 3\r\n');
    read.headers.set('a', '4\r\nEvil: 1');
    expect(read.headers.serialize(HOP_BY_HOP)).toBe('Host: a\r\na: 4  Evil: 1\r\nB: 3\r\n');
  });

  it('asks for another protocol only with one token that is not HTTP/2', () => {
    const upgrade = (value: string) => parse('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', `Upgrade: ${value}`);
    expect(upgrade('websocket')).toMatchObject({ upgrade: 'websocket' });
    expect(upgrade('h2c')).toMatchObject({ upgrade: undefined });
    expect(upgrade('websocket, h2c')).toMatchObject({ upgrade: undefined });
  });

  it.each([
    [
      'length and coding',
      'two-lengths',
      ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ],
    ['two equal lengths', 'two-lengths', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 1']],
    ['signed length', 'bad-content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: +1']],
    ['list of lengths', 'bad-content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 1, 1']],
    ['two codings', 'bad-transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked']],
    ['vertical tab in coding', 'bad-transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: \vchunked']],
    ['tab behind a coding', 'bad-transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked\t']],
    ['tab before a length', 'bad-content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length:\t1']],
    ['coding in HTTP/1.0', 'chunked-in-http10', ['POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked']],
    ['space before colon', 'bad-header-name', ['GET / HTTP/1.1', 'Host: a', 'A : 1']],
    ['folded line', 'bad-header-name', ['GET / HTTP/1.1', 'Host: a', 'A: 1', ' 2']],
    ['NUL', 'bad-header-value', ['GET / HTTP/1.1', 'Host: a', 'A: 1\0']],
    ['bare LF', 'bad-header-value', ['GET / HTTP/1.1', 'Host: a', 'A: 1\nB: 2']],
    ['two hosts', 'bad-host', ['GET / HTTP/1.1', 'Host: a', 'Host: a']],
    ['no host', 'bad-host', ['GET / HTTP/1.1', 'A: 1']],
    ['user in host', 'bad-host', ['GET / HTTP/1.1', 'Host: a@b']],
    ['another host in the target', 'host-mismatch', ['GET http://b/ HTTP/1.1', 'Host: a']],
    ['two spaces', 'bad-request-line', ['GET  / HTTP/1.1', 'Host: a']],
    ['HTTP/2 by name', 'bad-version', ['GET / HTTP/2.0', 'Host: a']],
    ['long target', 'target-too-long', [`GET /${'a'.repeat(64)} HTTP/1.1`, 'Host: a']],
    ['many lines', 'too-many-headers', ['GET / HTTP/1.1', 'Host: a', ...Array.from({ length: 10 }, () => 'A: 1')]],
  ])('refuses %s', (_, code, lines) => {
    const read = parse(...lines);
    // The tab is a control character of the value grammar already.
    expect('code' in read && [code, 'bad-header-value']).toContain('code' in read ? read.code : 'accepted');
  });
});

describe('HeadBuffer', () => {
  it('finds a head however it is cut, and what follows it', () => {
    const bytes = Buffer.from(`${head('GET / HTTP/1.1', 'Host: a')}BODY`);
    for (let cut = 1; cut < bytes.length - 4; cut++) {
      const buffer = new HeadBuffer();
      expect(buffer.take(bytes, 0, cut, 1_000)).toBe(INCOMPLETE);
      expect(buffer.take(bytes, cut, bytes.length, 1_000)).toMatchObject({ text: head('GET / HTTP/1.1', 'Host: a') });
      expect(bytes.toString('latin1', buffer.consumed)).toBe('BODY');
      expect(buffer.empty).toBe(true);
    }
  });

  it('does not wait for the end of a head that has a bare line feed', () => {
    expect(new HeadBuffer().take(Buffer.from('GET / HTTP/1.1\nHost: a\n\n'), 0, 24, 1_000)).toBe(BARE_LF);
  });
});
