import { posix } from 'node:path';
import type { Problem } from '#kernel';
import type { ConfigDocument } from '../document/config-document.ts';
import { javaString } from '../value/java-string.ts';
import { EXTENSIONS } from './loaded-tree.ts';
import { split } from './search-locations.ts';

const KEY = /^spring\.config\.import(?:\[\d+\])?$/;
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

interface ImportScope {
  /** Folders that files may come from: `` is the root, others end with `/`. */
  readonly locations: readonly string[];
  /** Names that an imported folder is looked through for. */
  readonly names: readonly string[];
}

/** Files that a document imports by `spring.config.import`, weak to strong, whether or not they exist. */
export function importsOf(
  document: ConfigDocument,
  path: string,
  scope: ImportScope,
): { readonly files: readonly string[]; readonly problems: readonly Problem[] } {
  const files: string[] = [];
  const problems: Problem[] = [];
  for (const [key, { value, origin }] of document.properties) {
    if (!KEY.test(key)) continue;
    for (const entry of split(javaString(value))) {
      const optional = entry.startsWith('optional:');
      const target = entry.replace(/^optional:/, '').replace(/^file:(?=[^/])/i, '');
      const scheme = SCHEME.exec(target)?.[1]?.toLowerCase();
      if (scheme === undefined) {
        files.push(...filesOf(target, path, scope));
      } else if (!optional && scheme !== 'file' && scheme !== 'classpath' && scheme !== 'configserver') {
        problems.push({
          severity: 'error',
          code: 'unknown-import',
          message: `spring.config.import: nothing here reads "${scheme}:"`,
          remedy: 'import a file beside this one, or leave it to the client: write it into its own application.yml',
          subject: entry,
          location: origin ?? { file: document.file },
        });
      }
    }
  }
  return { files, problems };
}

/** What lies outside the folders that are searched is not there. */
function filesOf(target: string, path: string, { locations, names }: ImportScope): readonly string[] {
  const folder = posix.dirname(path);
  const full = posix.normalize(posix.join(folder === '.' ? '' : folder, target));
  const isFolder = target.endsWith('/');
  const holder = isFolder ? full : full.slice(0, full.lastIndexOf('/') + 1);
  if (target.startsWith('/') || !locations.includes(holder === './' ? '' : holder)) return [];
  if (!isFolder) return [full];
  return names.flatMap((name) => EXTENSIONS.map((extension) => `${full}${name}.${extension}`));
}
