import { readFileSync } from 'node:fs';
import { parsePropertiesDocuments, parseYamlDocuments, type PropertySource } from '#config';
import { CardeaError, type Problem } from '#kernel';

/** Reads a file named by `--config`: the documents for these profiles, strongest first. Throws when there is none. */
export function readSettingsFile(
  path: string,
  profiles: readonly string[],
): { readonly sources: readonly PropertySource[]; readonly problems: readonly Problem[] } {
  const text = read(path);
  const { documents, problems } = path.endsWith('.properties')
    ? parsePropertiesDocuments(text, path)
    : parseYamlDocuments(text, path);
  const active = new Set(profiles);
  const sources = documents.filter(
    ({ onProfile }) => onProfile === undefined || onProfile.some((each) => each.matches(active)),
  );
  return { sources: sources.toReversed(), problems };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw new CardeaError('unreadable-settings', missing ? `there is no ${path}` : `${path} cannot be read`, {
      source: 'downstream',
      cause: error,
      remedy: 'name a YAML or properties file after --config',
    });
  }
}
