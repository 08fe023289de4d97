import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout that this process runs from: the folder of package.json, from the sources as from `dist`. */
export const ROOT = import.meta.dirname.includes('/dist/apps/')
  ? join(import.meta.dirname, '../../../..')
  : join(import.meta.dirname, '../../..');

const manifest: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

export const VERSION = manifest.version;
