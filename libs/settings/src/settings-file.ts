import { readFileSync } from 'node:fs';
import { isActive, parseConfigFile, type PropertySource } from '#config';
import { CardeaError, type Problem } from '#kernel';

/** Reads a file named by `--config`: the documents for these profiles, strongest first. Throws when there is none. */
export function readSettingsFile(
  path: string,
  profiles: readonly string[],
): { readonly sources: readonly PropertySource[]; readonly problems: readonly Problem[] } {
  const { documents, problems } = parseConfigFile(read(path), path);
  const active = new Set(profiles);
  return { sources: documents.filter((document) => isActive(document, active)).toReversed(), problems };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw new CardeaError('unreadable-settings', missing ? `there is no ${path}` : `${path} cannot be read`, {
      source: 'downstream',
      cause: error,
      remedy: 'name a YAML or properties file after --config',
    });
  }
}
