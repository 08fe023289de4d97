import { createHash } from 'node:crypto';
import type { StoredLease, StoredLeases } from '#registry';

const FORMAT = 'cardea-registry-snapshot';
const VERSION = 1;
/** Written at once; between two pieces other work gets its turn. */
const PIECE_CHARACTERS = 262_144;

/**
 * A header line, one JSON line per lease, and a last line with their number and the SHA-256 of everything before it: a file
 * that was cut short or mixed is never half believed. A line is `[lastRenewalAt, expiresAt, lease]`, so that a
 * renewal does not make its lease be written out anew.
 */
export function* snapshotPieces(lines: Iterable<string>, savedAt: number): Generator<string> {
  const hash = createHash('sha256');
  let count = 0;
  let piece = `${JSON.stringify({ format: FORMAT, version: VERSION, savedAt })}\n`;
  for (const line of lines) {
    piece += `${line}\n`;
    count += 1;
    if (piece.length < PIECE_CHARACTERS) continue;
    hash.update(piece);
    yield piece;
    piece = '';
  }
  hash.update(piece);
  yield `${piece}${JSON.stringify({ leases: count, sha256: hash.digest('hex') })}\n`;
}

/** The part of a line that renewals do not change. */
export function leaseText({ lastRenewalAt: _renewal, expiresAt: _expiry, ...lease }: StoredLease): string {
  return JSON.stringify(lease);
}

export function snapshotLine(lastRenewalAt: number, expiresAt: number, text: string): string {
  return `[${lastRenewalAt},${expiresAt},${text}]`;
}

export type DecodedSnapshot =
  { readonly ok: true; readonly stored: StoredLeases } | { readonly ok: false; readonly fault: string };

type StoredLine = readonly [number, number, Omit<StoredLease, 'lastRenewalAt' | 'expiresAt'>];

export function decodeSnapshot(text: string): DecodedSnapshot {
  const header = parseObject(text.slice(0, Math.max(0, text.indexOf('\n'))));
  if (header['format'] !== FORMAT) return { ok: false, fault: 'it has no readable header' };
  if (header['version'] !== VERSION) return { ok: false, fault: `its version ${header['version']} is not known here` };
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const content = text.slice(0, end);
  const trailer = text.endsWith('\n') ? parseObject(text.slice(end)) : {};
  if (trailer['sha256'] !== createHash('sha256').update(content).digest('hex')) {
    return { ok: false, fault: 'its checksum is missing or wrong: it was cut short or changed' };
  }
  const leases = content.split('\n').slice(1, -1).map(decodeLine);
  return { ok: true, stored: { savedAt: Number(header['savedAt']), leases } };
}

function decodeLine(line: string): StoredLease {
  const [lastRenewalAt, expiresAt, lease]: StoredLine = JSON.parse(line);
  return { ...lease, lastRenewalAt, expiresAt };
}

function parseObject(line: string): Readonly<Record<string, string | number | undefined>> {
  try {
    const value: Readonly<Record<string, string | number>> | null = JSON.parse(line);
    return value ?? {};
  } catch {
    return {};
  }
}
