/** Where a command writes. Tests give one that remembers. */
export interface Terminal {
  /** The command's result, one line. */
  line(text: string): void;
  /** The command's result as one JSON document. */
  json(value: unknown): void;
  /** Everything that is not the result: notes, progress, faults. */
  note(text: string): void;
}

export const processTerminal: Terminal = {
  line: (text) => void process.stdout.write(`${text}\n`),
  json: (value) => void process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
};
