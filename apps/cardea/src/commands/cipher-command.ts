import { Option, type Command } from 'commander';
import type { SymmetricCipher } from '#config';
import { CardeaError } from '#kernel';
import { readCipherSettings, requireCipher } from '../cipher-settings.ts';
import type { Terminal } from '../terminal.ts';

interface CipherOptions {
  readonly config?: string;
  readonly keyStdin?: boolean;
  readonly json?: boolean;
}

/** What `cardea encrypt` and `cardea decrypt` have in common: where the text comes from, and the key. */
export function acceptCipherText(
  command: Command,
  terminal: Terminal,
  answer: (cipher: SymmetricCipher, text: string, json: boolean) => void,
): void {
  command
    .argument('[text]', 'without it: standard input, which no history keeps')
    .option('--config <file>', 'settings file that has encrypt.key and encrypt.salt; by default ENCRYPT_KEY')
    .option('--key-stdin', 'take the first line of standard input for the key')
    .option('--json', 'print a JSON document')
    .addOption(new Option('--encrypt.key [key]').hideHelp().argParser(refuseKey))
    .action(async (text: string | undefined, options: CipherOptions) => {
      const input = options.keyStdin === true || text === undefined ? await inputOf(terminal) : '';
      const [first = '', rest = ''] = options.keyStdin === true ? input.split(/\r?\n(.*)/s) : [undefined, input];
      const settings = readCipherSettings(options.config);
      const cipher = requireCipher(options.keyStdin === true ? { ...settings, encryptKey: first } : settings);
      // The line end belongs to the terminal, not to the text.
      answer(cipher, text ?? rest.replace(/\r?\n$/, ''), options.json === true);
    });
}

async function inputOf(terminal: Terminal): Promise<string> {
  if (terminal.input !== undefined) return terminal.input();
  throw new CardeaError('no-text', 'there is no text', { source: 'downstream', remedy: 'write it behind the command' });
}

function refuseKey(): never {
  throw new CardeaError('key-in-sight', 'a key on the command line can be read by every user of this machine', {
    source: 'downstream',
    remedy: 'put it into ENCRYPT_KEY, into a file after --config, or onto standard input with --key-stdin',
  });
}
