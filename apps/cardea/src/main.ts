import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Compiled code is kept beside the build it belongs to: the second start reads it instead of parsing again.
enableCompileCache(join(import.meta.dirname, '../../../.compile-cache'));

const { runCommandLine } = await import('./command-line.ts');
const { processTerminal } = await import('./terminal.ts');
// Not `process.exitCode`: sockets that a command leaves idle must not hold the shell.
process.exit(await runCommandLine(process.argv.slice(2), processTerminal));
