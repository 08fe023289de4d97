import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { acceptCipherText } from './cipher-command.ts';

/** `cardea decrypt`: takes a value as it stands in a file, quotes and `{cipher}` included. */
export function register(command: Command, terminal: Terminal): void {
  acceptCipherText(command, terminal, (cipher, text, json) => {
    const [, , cipherText = ''] = /^(['"]?)\{cipher\}(.*)\1$/s.exec(text.trim()) ?? [undefined, '', text.trim()];
    const value = cipher.decrypt(cipherText);
    if (json) terminal.json({ value });
    else terminal.line(value);
  });
}
