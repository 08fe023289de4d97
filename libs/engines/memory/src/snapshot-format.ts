import { createHash } from 'node:crypto';
import type { StoredLease, StoredLeases } from '#registry';

const FORMAT = 'cardea-registry-snapshot';
const VERSION = 1;

/**
 * One header line, then one JSON line per lease. The header tells the number of lines and their SHA-256, so a file that
 * was cut short or mixed is never half believed.
 */
export function encodeSnapshot(lines: readonly string[], savedAt: number): string {
  const body = lines.join('\n');
  const header = { format: FORMAT, version: VERSION, savedAt, leases: lines.length, sha256: digest(body) };
  return `${JSON.stringify(header)}\n${body}\n`;
}

export type DecodedSnapshot =
  { readonly ok: true; readonly stored: StoredLeases } | { readonly ok: false; readonly fault: string };

export function decodeSnapshot(text: string): DecodedSnapshot {
  const end = text.indexOf('\n');
  const header = end < 0 ? undefined : parseHeader(text.slice(0, end));
  if (header === undefined) return { ok: false, fault: 'it has no readable header' };
  if (header.version !== VERSION) return { ok: false, fault: `its version ${header.version} is not known here` };
  const body = text.slice(end + 1, -1);
  if (digest(body) !== header.sha256) return { ok: false, fault: 'its checksum is wrong: it was cut short or changed' };
  const lines = body === '' ? [] : body.split('\n');
  return {
    ok: true,
    stored: { savedAt: header.savedAt, leases: lines.map((line): StoredLease => JSON.parse(line)) },
  };
}

interface Header {
  readonly version: number;
  readonly savedAt: number;
  readonly sha256: string;
}

function parseHeader(line: string): Header | undefined {
  try {
    const value: Partial<Header> & { format?: string } = JSON.parse(line);
    if (value.format !== FORMAT || typeof value.version !== 'number') return undefined;
    return { version: value.version, savedAt: Number(value.savedAt), sha256: String(value.sha256) };
  } catch {
    return undefined;
  }
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
