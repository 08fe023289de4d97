import type { ParsedFile } from './config-document.ts';
import { parsePropertiesDocuments } from './properties-documents.ts';
import { parseYamlDocuments } from './yaml-documents.ts';

/** From weak to strong. */
export const CONFIG_EXTENSIONS = ['yaml', 'yml', 'properties'] as const;

/** Reads a file by the end of its name. `.properties` are ISO-8859-1, as Spring has it; JSON is YAML. */
export function parseConfigFile(bytes: Buffer, file: string): ParsedFile {
  return file.endsWith('.properties')
    ? parsePropertiesDocuments(bytes.toString('latin1'), file)
    : parseYamlDocuments(bytes.toString('utf8'), file);
}
