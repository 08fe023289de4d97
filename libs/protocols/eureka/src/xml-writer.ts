import { escapeText } from './xml-names.ts';

/** Writes elements as XStream does: two spaces per level and no declaration, or everything on one line. */
export class XmlWriter {
  readonly #parts: string[] = [];
  readonly #indented: boolean;
  #depth: number;

  constructor(indented: boolean, depth = 0) {
    this.#indented = indented;
    this.#depth = depth;
  }

  open(name: string, attributes = ''): this {
    this.#line(`<${name}${attributes}>`);
    this.#depth += 1;
    return this;
  }

  close(name: string): this {
    this.#depth -= 1;
    this.#line(`</${name}>`);
    return this;
  }

  /** An element with text; nothing when there is none. */
  text(name: string, value: string | number | boolean | undefined, attributes = ''): this {
    if (value !== undefined) this.#line(`<${name}${attributes}>${escapeText(String(value))}</${name}>`);
    return this;
  }

  empty(name: string, attributes = ''): this {
    this.#line(`<${name}${attributes}/>`);
    return this;
  }

  /** Text that was written at the present depth already. */
  raw(written: string): this {
    if (written !== '') this.#parts.push(written);
    return this;
  }

  get depth(): number {
    return this.#depth;
  }

  toString(): string {
    return this.#parts.join(this.#indented ? '\n' : '');
  }

  #line(content: string): void {
    this.#parts.push(this.#indented ? '  '.repeat(this.#depth) + content : content);
  }
}
