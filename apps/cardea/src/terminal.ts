/** Where a command writes, and reads. Tests give one that remembers. */
export interface Terminal {
  /** The command's result, one line. */
  line(text: string): void;
  /** The command's result as one JSON document. */
  json(value: unknown): void;
  /** Everything that is not the result: notes, progress, faults. */
  note(text: string): void;
  /** All of standard input, to its end. Absent where there is none. */
  input?(): Promise<string>;
}

export const processTerminal: Terminal = {
  line: (text) => void process.stdout.write(`${text}\n`),
  json: (value) => void process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  async input() {
    let text = '';
    for await (const piece of process.stdin.setEncoding('utf8')) text += String(piece);
    return text;
  },
};
