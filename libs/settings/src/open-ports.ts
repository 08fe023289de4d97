import type { Problem } from '#kernel';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Ports that would be open to the network. Without `cardea.insecure` that is refused: there are no credentials yet. */
export function openPorts(insecure: boolean, addresses: Readonly<Record<string, string>>): readonly Problem[] {
  if (insecure) return [];
  return Object.entries(addresses)
    .filter(([, address]) => !LOOPBACK.test(address))
    .map(([key, address]) => ({
      severity: 'error',
      code: 'open-port',
      message: `${key}=${address} would let the network in without credentials`,
      remedy: `leave it at 127.0.0.1, or allow it: --cardea.insecure=true`,
      subject: key,
    }));
}
