import type { ConfigSource, ConfigTree } from '#config';

/** Every file of a tree with its text. */
export async function textsOf(tree: ConfigTree): Promise<Record<string, string>> {
  const files = [...tree.files.values()];
  const entries = await Promise.all(files.map(async (file) => [file.path, (await file.read()).toString()] as const));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes a change and resolves when the source tells that it noticed; `until` waits for the telling that matters. */
export function told(
  source: ConfigSource,
  change: () => unknown,
  until: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = source.watch(() => {
      until().then((done) => {
        if (!done) return;
        end();
        resolve();
      }, reject);
    });
    Promise.resolve(change()).catch(reject);
  });
}
