import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM texts of a new certificate that signs itself, for these names (`DNS:a.test`, `IP:127.0.0.1`). */
export function selfSigned(...names: readonly string[]): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-cert-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test'.split(' ');
    const files = ['-addext', `subjectAltName=${names.join(',')}`, '-keyout', key, '-out', cert];
    execFileSync('openssl', [...words, ...files], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
