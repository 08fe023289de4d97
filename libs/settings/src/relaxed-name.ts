/**
 * Spring Boot's relaxed names: `my-key`, `myKey`, `my_key` and `MYKEY` are one key. Two names are the same setting when
 * their canonical forms are equal.
 */
export function canonicalName(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}

/** The environment variable for a key: dots become underscores, dashes go, all upper case. */
export function environmentName(key: string): string {
  return key
    .replaceAll('-', '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replaceAll('.', '_')
    .toUpperCase();
}
