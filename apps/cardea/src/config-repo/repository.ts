import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkDocument, type ConfigDocument, isActive, parseConfigFile, type PropertySource } from '#config';
import { CardeaError, type Problem } from '#kernel';

const KNOWN = /\.(ya?ml|properties|json)$/;

/** A configuration file with what was found in it. */
export interface ConfigFile {
  /** As the user would write it, relative to the working directory. */
  readonly path: string;
  /** `gateway` of `gateway-prod.yml`. */
  readonly application: string;
  /** `prod` of `gateway-prod.yml`. */
  readonly profile: string | undefined;
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/** Reads all configuration files at or below a path. */
export function readConfigFiles(path: string): readonly ConfigFile[] {
  const paths = listFiles(path);
  const names = new Set(paths.map((each) => stemOf(each)));
  return paths.map((each): ConfigFile => {
    const below = relative(process.cwd(), each);
    const shown = below === '' || below.startsWith('..') ? each : below;
    const stem = stemOf(each);
    // `order-service` is an application unless there is an `order` whose profile `service` it could be.
    const dash = stem.split('').findIndex((char, index) => char === '-' && names.has(stem.slice(0, index)));
    const { documents, problems } = parseConfigFile(readFileSync(each), shown);
    return {
      path: shown,
      application: dash < 0 ? stem : stem.slice(0, dash),
      profile: dash < 0 ? undefined : stem.slice(dash + 1),
      documents,
      // The key that values are encrypted with is the config server's.
      problems: [...problems, ...documents.flatMap((document) => checkDocument(document, { decrypt: false }))],
    };
  });
}

/** Sources for an application, strongest first: its profile's files before its own before those of `application`. */
export function sourcesFor(
  files: readonly ConfigFile[],
  application: string,
  profiles: readonly string[],
): readonly PropertySource[] {
  const strongestFirst = [...profiles].reverse();
  const active = new Set(profiles);
  const sources: PropertySource[] = [];
  const add = (name: string, profile: string | undefined) => {
    for (const file of files)
      if (file.application === name && file.profile === profile)
        sources.push(...file.documents.filter((document) => isActive(document, active)).toReversed());
  };
  const names = application === 'application' ? ['application'] : [application, 'application'];
  for (const profile of strongestFirst) for (const name of names) add(name, profile);
  for (const name of names) add(name, undefined);
  return sources;
}

function listFiles(path: string): readonly string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined)
    throw new CardeaError('missing-path', `there is no ${path}`, {
      source: 'downstream',
      remedy: 'name a configuration file or folder, such as config-repo',
    });
  if (status.isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => KNOWN.test(name) && !/(^|[/\\])(\.git|node_modules)[/\\]/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function stemOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? '').replace(KNOWN, '');
}
