import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { acceptCipherText } from './cipher-command.ts';

/** `cardea encrypt`: a value as a configuration file may have it. */
export function register(command: Command, terminal: Terminal): void {
  acceptCipherText(command, terminal, (cipher, text, json) => {
    const value = `{cipher}${cipher.encrypt(text)}`;
    if (json) terminal.json({ value });
    else terminal.line(value);
  });
}
