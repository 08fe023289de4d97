import { FORWARDING_DEFAULTS } from '#traffic';
import { ForwardingRules } from './forwarding.ts';
import { FORWARDING } from './message/header-kind.ts';
import { parseRequestHead } from './http1/request-head.ts';
import { headText } from './http1/scan-lines.ts';

const CLAIMS = ['X-Forwarded-For: 6.6.6.6, 10.0.0.9', 'X-Forwarded-Proto: https', 'Forwarded: for=6.6.6.6', 'A: 1'];

function headers() {
  const text = `${['GET / HTTP/1.1', 'Host: a.test:81', ...CLAIMS].join('\r\n')}\r\n\r\n`;
  const head = parseRequestHead(headText(text), { maxHeaderCount: 20, maxTargetBytes: 100 });
  if ('code' in head) throw new Error(head.code);
  return head.headers;
}
const peer = { peerAddress: '10.0.0.1', authority: 'a.test:81', scheme: 'http', localPort: 8080 } as const;

describe('ForwardingRules', () => {
  it('repeats nothing that a stranger claims', () => {
    const rules = new ForwardingRules({ ...FORWARDING_DEFAULTS, forwarded: true });
    expect(rules.clientAddress(headers(), peer.peerAddress)).toBe('10.0.0.1');
    expect(headers().serialize(FORWARDING)).toBe('Host: a.test:81\r\nA: 1\r\n');
    expect(rules.lines(headers(), peer).split('\r\n')).toEqual([
      'X-Forwarded-For: 10.0.0.1',
      'X-Forwarded-Host: a.test:81',
      'X-Forwarded-Port: 81',
      'X-Forwarded-Proto: http',
      'Forwarded: for=10.0.0.1;host="a.test:81";proto=http',
      '',
    ]);
  });

  it('believes trusted proxies and finds the client behind them', () => {
    const rules = new ForwardingRules({ ...FORWARDING_DEFAULTS, trustedProxies: ['10.0.0.0/8'], forwarded: true });
    expect(rules.clientAddress(headers(), peer.peerAddress)).toBe('6.6.6.6');
    expect(rules.lines(headers(), peer)).toContain('X-Forwarded-For: 6.6.6.6, 10.0.0.9, 10.0.0.1\r\n');
    expect(rules.lines(headers(), peer)).toContain('X-Forwarded-Proto: https\r\n');
    expect(rules.lines(headers(), peer)).toContain('Forwarded: for=6.6.6.6, for=10.0.0.1;');
  });
});
