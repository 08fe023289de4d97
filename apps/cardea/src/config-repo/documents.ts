import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Property, PropertySource, PropertyValue } from '#config';
import type { Problem, SourceLocation } from '#kernel';

/** One document of a file, with the profiles it is for. */
export interface ConfigDocument extends PropertySource {
  /** `spring.config.activate.on-profile`; undefined means always. */
  readonly onProfile: string | undefined;
}

export interface ParsedFile {
  /** In file order: later ones are stronger. */
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/** Reads a YAML, JSON or properties file into flat properties whose origins are those of the values. */
export function parseFile(text: string, file: string): ParsedFile {
  return file.endsWith('.properties') ? parseProperties(text, file) : parseYaml(text, file);
}

function parseYaml(text: string, file: string): ParsedFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { version: '1.1', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const trees = 'empty' in parsed ? [] : parsed;
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const problems = trees.flatMap(({ errors }) =>
    errors.map(({ message, pos }): Problem => ({
      severity: 'error',
      code: 'invalid-yaml',
      message: `not valid YAML: ${message.split('\n')[0] ?? ''}`,
      remedy: 'correct it',
      location: at(pos[0]),
    })),
  );
  const documents = trees.filter(({ errors }) => errors.length === 0).map((tree) => documentOf(flatten(tree, at), file));
  return { documents, problems };
}

function flatten(tree: Document, at: (offset: number) => SourceLocation): Map<string, Property> {
  const properties = new Map<string, Property>();
  const put = (key: string, value: PropertyValue, node: Node) =>
    void properties.set(key, { value, origin: at(node.range?.[0] ?? 0) });
  const walk = (key: string, given: unknown): void => {
    const node = isAlias(given) ? given.resolve(tree) : given;
    if (isMap(node)) {
      if (node.items.length === 0 && key !== '') put(key, '', node);
      for (const pair of node.items) {
        const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key);
        walk(key === '' ? name : name.startsWith('[') ? key + name : `${key}.${name}`, pair.value);
      }
    } else if (isSeq(node)) {
      if (node.items.length === 0) put(key, '', node);
      for (const [index, item] of node.items.entries()) walk(`${key}[${index}]`, item);
    } else if (isScalar(node)) {
      // Spring's reader takes a lone y or n for text, other than YAML 1.1 has it.
      const value = /^[yn]$/i.test(node.source ?? '') ? node.source : node.value;
      const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      put(key, plain ? value : (node.source ?? ''), node);
    }
  };
  if (isMap(tree.contents)) walk('', tree.contents);
  return properties;
}

/** Lines `key=value` or `key: value`; a backslash at the end continues, `#---` begins another document. */
function parseProperties(text: string, file: string): ParsedFile {
  const documents: ConfigDocument[] = [];
  let properties = new Map<string, Property>();
  let line = 0;
  let pending = '';
  let start = 0;
  for (const raw of text.split(/\r?\n/)) {
    line += 1;
    if (pending === '' && /^[#!]---\s*$/.test(raw)) {
      documents.push(documentOf(properties, file));
      properties = new Map();
      continue;
    }
    if (pending === '') {
      if (/^\s*([#!]|$)/.test(raw)) continue;
      start = line;
    }
    const whole = pending + (pending === '' ? raw : raw.trimStart());
    if (/(?<!\\)(\\\\)*\\$/.test(raw)) {
      pending = whole.slice(0, -1);
      continue;
    }
    pending = '';
    const [, key = '', separator = '', value = ''] = /^\s*((?:\\.|[^=:\s\\])+)(\s*[=:]?\s*)(.*)$/.exec(whole) ?? [];
    const column = whole.indexOf(key) + key.length + separator.length + 1;
    properties.set(key.replaceAll(/\\(.)/g, '$1'), { value: value.replaceAll(/\\(.)/g, '$1'), origin: { file, line: start, column } });
  }
  documents.push(documentOf(properties, file));
  return { documents, problems: [] };
}

function documentOf(properties: ReadonlyMap<string, Property>, file: string): ConfigDocument {
  const value = properties.get('spring.config.activate.on-profile')?.value;
  return { name: file, properties, onProfile: typeof value === 'string' ? value : undefined };
}
