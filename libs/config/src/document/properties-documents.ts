import type { Problem } from '#kernel';
import type { Property } from '../property-source.ts';
import { toDocument } from './activation.ts';
import type { ConfigDocument, ParsedFile } from './config-document.ts';
import { PropertiesReader } from './properties-reader.ts';

type Properties = Map<string, Property>;

/**
 * Reads a `.properties` file as Spring Boot does: documents split at `#---` or `!---`, lists by `key[]=a, b`, values all
 * text. A separator does not split after a comment line of the same prefix, nor when a comment follows it.
 */
export function parsePropertiesDocuments(text: string, file: string): ParsedFile {
  const problems: Problem[] = [];
  const reader = new PropertiesReader(text, (line, column, message) => {
    problems.push({
      severity: 'error',
      code: 'invalid-properties',
      message,
      remedy: 'write \\uXXXX with four hexadecimal digits, or double the backslash',
      location: { file, line, column },
    });
  });
  const split: Properties[] = [];
  let current: Properties = new Map();
  let lastPrefix: string | undefined;
  for (;;) {
    const comment = reader.comment();
    if (comment === undefined) {
      lastPrefix = undefined;
      if (!reader.entry((key, value, line, column) => current.set(key, { value, origin: { file, line, column } })))
        break;
      continue;
    }
    if (comment.separator && comment.prefix !== lastPrefix) {
      if (current.size > 0) split.push(current);
      current = new Map();
    } else {
      if (current.size === 0) current = split.pop() ?? current;
      lastPrefix = comment.prefix;
    }
  }
  if (current.size > 0) split.push(current);
  const documents: ConfigDocument[] = split.map((properties, index) => toDocument(file, index, properties, problems));
  return problems.length > 0 ? { documents: [], problems } : { documents, problems };
}
