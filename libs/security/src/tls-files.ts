import { createPrivateKey, X509Certificate } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { CardeaError } from '#kernel';

/** Certificate chain and key in PEM, checked to belong together. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** Names that the certificate is for, for SNI. */
  readonly names: readonly string[];
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Reads a certificate and its key; the message says which file is wrong and why. */
export async function readTlsIdentity({ certificate, privateKey }: TlsFiles): Promise<TlsIdentity> {
  const cert = await readPem(certificate);
  const key = await readPem(privateKey);
  const parsed = parse(certificate, 'a certificate', () => new X509Certificate(cert));
  const parsedKey = parse(privateKey, 'a private key', () => createPrivateKey(key));
  if (!parsed.checkPrivateKey(parsedKey)) {
    throw fault(`${privateKey} is not the key of ${certificate}`, 'give the two files that were made together');
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw fault(`${certificate} cannot be used: ${why}`, 'give a chain and a key that OpenSSL takes', error);
  }
  const names = [...(parsed.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(
    ([, name = '']) => name,
  );
  return { cert, key, names, expiresAt: parsed.validToDate.getTime() };
}

/** Editors and secret managers replace the two files one after the other. */
const QUIET_MS = 200;

/**
 * Tells a new identity whenever the files change. Files that do not fit together, as between two steps of a renewal, are
 * told as faults; what was there before stays in use.
 */
export function watchTlsFiles(
  files: TlsFiles,
  onIdentity: (identity: TlsIdentity) => void,
  onFault: (error: Error) => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  const read = async (): Promise<void> => {
    try {
      const identity = await readTlsIdentity(files);
      if (identity.cert + identity.key === last) return;
      last = identity.cert + identity.key;
      onIdentity(identity);
    } catch (error) {
      // The old pair, put back, is news again.
      last = '';
      onFault(error instanceof Error ? error : new Error(String(error)));
    }
  };
  // Folders, not files: Kubernetes swaps a symbolic link beside them, and a replaced file loses its watcher.
  const folders = new Set([dirname(files.certificate), dirname(files.privateKey)]);
  const watchers = [...folders].map((folder): FSWatcher =>
    watch(folder, { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void read(), QUIET_MS).unref();
    }),
  );
  void read();
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fault(`${path} cannot be read`, 'name a PEM file that this process may read', error);
  }
}

function parse<T>(path: string, noun: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fault(`${path} does not hold ${noun} in PEM`, 'give the file that begins with -----BEGIN', error);
  }
}

function fault(message: string, remedy: string, cause?: unknown): CardeaError {
  return new CardeaError('bad-tls-files', message, { source: 'internal', remedy, cause });
}
