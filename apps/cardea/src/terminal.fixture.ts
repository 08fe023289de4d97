import type { Terminal } from './terminal.ts';

/** Remembers what a command writes, a line each; JSON in one line. */
export class RecordingTerminal implements Terminal {
  readonly out: string[] = [];
  readonly notes: string[] = [];
  readonly input?: () => Promise<string>;

  constructor(input?: string) {
    if (input !== undefined) this.input = () => Promise.resolve(input);
  }

  line(text: string): void {
    this.out.push(text);
  }

  json(value: unknown): void {
    this.out.push(JSON.stringify(value));
  }

  note(text: string): void {
    this.notes.push(text);
  }
}
