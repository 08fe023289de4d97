import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Lets `action` call git for the URL of a remote without its credentials, which git takes from a file that only this
 * user can read and that is gone afterwards. On a command line every user of the machine could read them.
 */
export async function withHttpLogin<T>(
  uri: string,
  file: string,
  action: (uri: string, flags: readonly string[]) => Promise<T>,
): Promise<T> {
  const url = /^https?:/i.test(uri) ? URL.parse(uri) : null;
  if (url === null || url.username === '') return action(uri, []);
  const { protocol, host, username, password } = url;
  url.username = '';
  url.password = '';
  const path = resolve(file);
  await writeFile(path, `${protocol}//${username}:${password}@${host}\n`, { mode: 0o600 });
  try {
    // The empty helper puts those of the machine's own configuration aside.
    const helper = `credential.helper=store --file='${path.replaceAll("'", "'\\''")}'`;
    return await action(url.href, ['-c', 'credential.helper=', '-c', helper]);
  } finally {
    await rm(path, { force: true });
  }
}
