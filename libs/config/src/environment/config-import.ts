import { posix } from 'node:path';
import type { Problem } from '#kernel';
import type { ConfigDocument } from '../document/config-document.ts';
import { javaString } from '../value/java-string.ts';
import { CONFIG_EXTENSIONS } from '../document/config-file-reader.ts';
import { splitList } from '../value/comma-list.ts';

const KEY = /^spring\.config\.import(?:\[\d+\])?$/;
/** Where a client or a Boot application looks, and a config server has nothing. */
const ELSEWHERE = new Set(['file', 'classpath', 'configserver']);
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

interface ImportScope {
  /** Folders that files may come from: `` is the root, others end with `/`. */
  readonly locations: readonly string[];
  /** Names that an imported folder is looked through for. */
  readonly names: readonly string[];
}

/** What a document imports by `spring.config.import`, weak to strong: paths as written, and entries that nothing reads. */
export function importsOf({ properties, file }: ConfigDocument): {
  readonly targets: readonly string[];
  readonly problems: readonly Problem[];
} {
  const targets: string[] = [];
  const problems: Problem[] = [];
  for (const [key, { value, origin }] of properties) {
    if (!KEY.test(key)) continue;
    for (const entry of splitList(javaString(value))) {
      const optional = entry.startsWith('optional:');
      const target = entry.replace(/^optional:/, '').replace(/^file:(?=[^/])/i, '');
      const scheme = SCHEME.exec(target)?.[1]?.toLowerCase();
      if (scheme === undefined) {
        targets.push(target);
      } else if (!optional && !ELSEWHERE.has(scheme)) {
        problems.push({
          severity: 'error',
          code: 'unknown-import',
          message: `spring.config.import: nothing here reads "${scheme}:"`,
          remedy: 'import a file beside this one, or leave it to the client: write it into its own application.yml',
          subject: entry,
          location: origin ?? { file },
        });
      }
    }
  }
  return { targets, problems };
}

/** Paths that a target means, whether or not they exist. What lies outside the folders that are searched is not there. */
export function importedFiles(target: string, path: string, { locations, names }: ImportScope): readonly string[] {
  const folder = posix.dirname(path);
  const full = posix.normalize(posix.join(folder === '.' ? '' : folder, target));
  const isFolder = target.endsWith('/');
  const holder = isFolder ? full : full.slice(0, full.lastIndexOf('/') + 1);
  if (target.startsWith('/') || !locations.includes(holder === './' ? '' : holder)) return [];
  if (!isFolder) return [full];
  return names.flatMap((name) => CONFIG_EXTENSIONS.map((extension) => `${full}${name}.${extension}`));
}
