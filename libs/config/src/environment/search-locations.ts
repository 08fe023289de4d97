import type { LoadedTree } from './loaded-tree.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { splitList } from '../value/comma-list.ts';
import { matchesWildcard } from './wildcard.ts';

export interface SearchOptions {
  /** Folders looked into after the root; `{application}`, `{profile}` and `{label}` are filled, `*` and `**` match. */
  readonly searchPaths?: readonly string[];
  /** For `{label}` when a request names none. */
  readonly defaultLabel?: string | undefined;
}

/** Folders to look into, weak to strong: `` is the root, others end with `/`. */
export function locationsOf(
  { tree }: LoadedTree,
  request: EnvironmentRequest,
  { searchPaths = [], defaultLabel = 'main' }: SearchOptions,
): readonly string[] {
  const locations = new Set(['']);
  const label = request.label ?? defaultLabel;
  const folders = searchPaths.some((path) => path.includes('*')) ? foldersOf(tree.files.keys()) : [];
  for (const path of searchPaths) {
    for (const profile of splitList(request.profiles)) {
      for (const application of splitList(request.application)) {
        const filled = path
          .replaceAll('{application}', () => application)
          .replaceAll('{profile}', () => profile)
          .replaceAll('{label}', () => label)
          .replace(/^\/+|\/+$/g, '');
        if (filled === '' || filled.split('/').includes('..')) continue;
        const found = filled.includes('*') ? folders.filter((folder) => matchesWildcard(filled, folder)) : [filled];
        for (const folder of found) locations.add(`${folder}/`);
      }
    }
  }
  // A plain folder has no history: a label is a folder in it, stronger than all else.
  if (tree.version === undefined && request.label !== undefined && !request.label.split('/').includes('..')) {
    locations.add(`${request.label}/`);
  }
  return [...locations];
}

/** All folders that hold a file, at any depth, in ascending order. */
function foldersOf(paths: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) folders.add(path.slice(0, end));
  }
  return [...folders].sort();
}
