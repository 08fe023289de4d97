import type { Forwarding } from '#traffic';
import type { HeaderBlock } from './message/header-block.ts';
import { FORWARDING, HeaderKind } from './message/header-kind.ts';
import { compileAddressBlocks } from './match/index.ts';

/** What the connection itself tells about the client. */
export interface PeerFacts {
  readonly peerAddress: string;
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly localPort: number;
}

/**
 * Whom the gateway believes about the client, and what it tells upstreams. What an untrusted peer claims is never
 * repeated: serialize without the `FORWARDING` kinds, then append `lines`.
 */
export class ForwardingRules {
  readonly #policy: Forwarding;
  readonly #trusts: (address: string) => boolean;

  constructor(policy: Forwarding) {
    this.#policy = policy;
    this.#trusts = compileAddressBlocks(policy.trustedProxies);
  }

  /** The nearest address, read from the right, that is no trusted proxy. */
  clientAddress(headers: HeaderBlock, peerAddress: string): string {
    if (!(headers.seen & HeaderKind.forwardedFor) || !this.#trusts(peerAddress)) return peerAddress;
    let client = peerAddress;
    for (const hop of headers.allOfKind(HeaderKind.forwardedFor).join(',').split(',').reverse()) {
      const address = hop.trim();
      if (address === '') break;
      client = address;
      if (!this.#trusts(address)) break;
    }
    return client;
  }

  /** Header lines for the upstream, CRLF included. */
  lines(headers: HeaderBlock, peer: PeerFacts): string {
    const { xForwarded, forwarded } = this.#policy;
    const { seen } = headers;
    const trusted = seen & FORWARDING ? this.#trusts(peer.peerAddress) : false;
    const told = (kind: number): string | undefined =>
      trusted && seen & kind ? headers.allOfKind(kind).join(', ') : undefined;
    const before = told(HeaderKind.forwardedFor);
    let out = '';
    if (xForwarded.for) {
      out += `X-Forwarded-For: ${before === undefined ? '' : `${before}, `}${peer.peerAddress}\r\n`;
    }
    if (xForwarded.host) out += `X-Forwarded-Host: ${told(HeaderKind.forwardedHost) ?? peer.authority}\r\n`;
    if (xForwarded.port) out += `X-Forwarded-Port: ${told(HeaderKind.forwardedPort) ?? portOf(peer)}\r\n`;
    if (xForwarded.proto) out += `X-Forwarded-Proto: ${told(HeaderKind.forwardedProto) ?? peer.scheme}\r\n`;
    const prefix = xForwarded.prefix ? told(HeaderKind.forwardedPrefix) : undefined;
    if (prefix !== undefined) out += `X-Forwarded-Prefix: ${prefix}\r\n`;
    if (forwarded) {
      const chain = told(HeaderKind.forwarded);
      out += `Forwarded: ${chain === undefined ? '' : `${chain}, `}${element(peer)}\r\n`;
    }
    return out;
  }
}

/** One element of RFC 7239: IPv6 in brackets, and everything with a colon in quotes. */
function element({ peerAddress, authority, scheme }: PeerFacts): string {
  const node = peerAddress.includes(':') ? `"[${peerAddress}]"` : peerAddress;
  return `for=${node};host="${authority}";proto=${scheme}`;
}

/** The port that the client asked for; the listener's may be behind a port mapping. */
function portOf({ authority, scheme, localPort }: PeerFacts): string {
  const colon = authority.lastIndexOf(':');
  // The authority is checked: behind a last colon there are digits, or the rest of an IPv6 address and its bracket.
  if (colon >= 0 && colon + 1 < authority.length && !authority.endsWith(']')) return authority.slice(colon + 1);
  return authority === '' ? `${localPort}` : scheme === 'https' ? '443' : '80';
}
