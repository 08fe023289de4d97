import type { HeaderLines } from '#dataplane';

/** Header lines of a request that was never sent: what filters need to be tried on it. */
export class HeaderList implements HeaderLines {
  #lines: [string, string][];

  constructor(lines: readonly (readonly [string, string])[]) {
    this.#lines = lines.map(([name, value]) => [name, value]);
  }

  get(lowerName: string): string | undefined {
    return this.getAll(lowerName)[0];
  }

  getAll(lowerName: string): string[] {
    return this.#lines.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value);
  }

  has(lowerName: string): boolean {
    return this.#lines.some(([name]) => name.toLowerCase() === lowerName);
  }

  set(name: string, value: string): void {
    const lower = name.toLowerCase();
    const at = this.#lines.findIndex(([other]) => other.toLowerCase() === lower);
    this.remove(lower);
    this.#lines.splice(at < 0 ? this.#lines.length : at, 0, [name, value]);
  }

  add(name: string, value: string): void {
    this.#lines.push([name, value]);
  }

  remove(lowerName: string): void {
    this.#lines = this.#lines.filter(([name]) => name.toLowerCase() !== lowerName);
  }

  entries(): [string, string][] {
    return this.#lines.map(([name, value]) => [name, value]);
  }
}
