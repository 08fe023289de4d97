import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { CardeaError } from '#kernel';

/** Addresses whose verdict is remembered: connections repeat, parsing does not have to. */
const MEMORY = 1_024;

/**
 * Compiles CIDR blocks; an address without a mask stands for itself alone. IPv4-mapped IPv6 addresses are read as IPv4.
 * What is no address is in no block.
 */
export function compileAddressBlocks(cidrs: readonly string[]): (address: string) => boolean {
  const blocks = cidrs.map(parseBlock);
  const known = new Map<string, boolean>();
  return (address) => {
    const verdict = known.get(address);
    if (verdict !== undefined) return verdict;
    if (known.size >= MEMORY) known.clear();
    const inside = contains(blocks, address);
    known.set(address, inside);
    return inside;
  };
}

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

function contains(blocks: readonly Block[], text: string): boolean {
  // ipaddr.js also reads `0x7f.1`; addresses on the wire are never written so.
  if (isIP(text) === 0) return false;
  const address = ipaddr.process(text);
  return blocks.some(([network, bits]) => address.kind() === network.kind() && address.match([network, bits]));
}

function parseBlock(cidr: string): Block {
  try {
    if (cidr.includes('/')) return ipaddr.parseCIDR(cidr.trim());
    const address = ipaddr.process(cidr.trim());
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (error) {
    throw new CardeaError('bad-address-block', `"${cidr}" is not an address block such as 10.0.0.0/8`, {
      source: 'internal',
      cause: error,
      remedy: 'write it as ADDRESS/BITS',
    });
  }
}
