import type { SourceLocation } from '#kernel';

/** A float in Java's spelling: `Double.toString` writes `1.0E8` where JavaScript writes `100000000`. */
export class JavaDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What a property may hold after flattening. Whole numbers are `number` while exact, else `bigint`. */
export type PropertyValue = string | boolean | number | bigint | JavaDouble;

export interface Property {
  readonly value: PropertyValue;
  readonly origin?: SourceLocation;
  /** The file has cipher text here. */
  readonly decrypted?: true;
}

/** Flat, ordered properties of one document, under the name that clients see. Keys as written (`a.b[0].c`). */
export interface PropertySource {
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
}
