import type { BoundNode } from '#config';
import type { Forwarding } from '#traffic';

const WILDCARD = /^(\.\*|\.\+|\\d\+|\\d\{1,3\}|\[0-9\]\+|\[0-9\]\{1,3\})$/;

const FORWARDED_HEADERS = 'cardea.gateway.forwarded-headers';

/**
 * Who is believed about the client, and what upstreams are told. What strangers claim is stripped, and X-Forwarded-* are
 * written anew. Spring Cloud Gateway since 4.3.5 and 5.0.2 writes nothing while no proxy is trusted; that is the way when
 * `cardea.gateway.forwarded-headers` asks for the reference's. See docs/adr/0016.
 */
export function readForwarding(gateway: BoundNode, root: BoundNode): Forwarding {
  const trustedProxies = root.list('cardea.gateway.trusted-proxies') ?? fromRegex(gateway.at('trusted-proxies'));
  const headers = gateway.at('x-forwarded');
  const trusted = trustedProxies.length > 0;
  const enabled = (trusted || !asReference(root)) && (headers.boolean('enabled') ?? true);
  const members = ['for', 'host', 'port', 'proto', 'prefix'] as const;
  const [byFor, host, port, proto, prefix] = members.map((member) => {
    if (headers.boolean(`${member}-append`) === false)
      headers.at(`${member}-append`).report({
        severity: 'warning',
        code: 'unsupported',
        message: `X-Forwarded-${member}: a trusted proxy's value is always kept and appended to`,
        remedy: `remove ${member}-append`,
      });
    return enabled && (headers.boolean(`${member}-enabled`) ?? true);
  });
  headers.integer('order');
  return {
    trustedProxies,
    xForwarded: {
      for: byFor ?? false,
      host: host ?? false,
      port: port ?? false,
      proto: proto ?? false,
      prefix: prefix ?? false,
    },
    forwarded: trusted && (gateway.boolean('forwarded.enabled') ?? true),
  };
}

function asReference(root: BoundNode): boolean {
  const way = root.string(FORWARDED_HEADERS) ?? 'write';
  if (way !== 'write' && way !== 'reference') {
    root.at(FORWARDED_HEADERS).report({
      code: 'invalid-choice',
      message: `${FORWARDED_HEADERS}: "${way}" is neither write nor reference`,
      remedy: 'write one of them; until then it is write',
    });
  }
  return way === 'reference';
}

/** CIDR blocks of a regular expression over addresses, where it is a plain one such as `10\..*|192\.168\.\d+\.\d+`. */
function fromRegex(node: BoundNode): readonly string[] {
  const pattern = node.text ?? '';
  if (pattern === '') return [];
  const blocks = pattern
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/^\(([^()]*)\)$/, '$1')
    .split('|')
    .map(toCidr);
  const known = blocks.filter((block) => block !== undefined);
  if (known.length === blocks.length) return known.flat();
  node.report({
    code: 'inexpressible-regex',
    message: `trusted-proxies: the addresses that "${pattern}" covers are not clear`,
    remedy:
      'write cardea.gateway.trusted-proxies: followed by CIDR blocks such as 10.0.0.0/8; until then nobody is trusted',
  });
  return [];
}

function toCidr(pattern: string): readonly string[] | undefined {
  if (pattern === '.*' || pattern === '.+') return ['0.0.0.0/0', '::/0'];
  const parts = pattern.split('\\.');
  const wild = parts.findIndex((part) => WILDCARD.test(part));
  const fixed = wild < 0 ? parts : parts.slice(0, wild);
  const rest = wild < 0 ? [] : parts.slice(wild);
  const complete = parts.length === 4 || (rest.length === 1 && /^\.[*+]$/.test(rest[0] ?? ''));
  const plain = fixed.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  if (!complete || !plain || fixed.length === 0 || parts.length > 4 || !rest.every((part) => WILDCARD.test(part)))
    return undefined;
  return [`${[...fixed, '0', '0', '0'].slice(0, 4).join('.')}/${fixed.length * 8}`];
}
