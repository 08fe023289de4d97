import type { Problem } from '#kernel';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { toDocument } from './activation.ts';
import type { ConfigDocument, ParsedFile } from './config-document.ts';
import { flattenYaml, YamlFault } from './yaml-flatten.ts';

/**
 * Reads a YAML file as Spring Boot does: documents split at `---`, scalars of YAML 1.1, nested keys flattened, every
 * property with the place of its value. Duplicate keys, unknown tags and tabs in the indent are errors, as in SnakeYAML.
 */
export function parseYamlDocuments(text: string, file: string): ParsedFile {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const documents: ConfigDocument[] = [];
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (message: string, offset: number): void => {
    problems.push({
      severity: 'error',
      code: 'invalid-yaml',
      message,
      remedy: 'correct the YAML; nothing of this file is in effect',
      location: { file, ...at(offset) },
    });
  };

  const parsed = parseAllDocuments(source, {
    schema: 'failsafe',
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const document of parsed as Document.Parsed[]) {
    for (const error of document.errors) report(`not valid YAML: ${error.message.split('\n')[0] ?? ''}`, error.pos[0]);
    if (problems.length > 0 || document.contents === null) continue;
    try {
      const properties = flattenYaml(document, (offset) => ({ file, ...at(offset) }));
      if (properties.size > 0) documents.push(toDocument(file, documents.length, properties, problems));
    } catch (error) {
      if (!(error instanceof YamlFault)) throw error;
      report(error.message, error.offset);
    }
  }
  return problems.length > 0 ? { documents: [], problems } : { documents, problems };
}
