/** The part of JSON Schema (2020-12) that the model needs. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

export const text: JsonSchema = { type: 'string' };
export const name: JsonSchema = { type: 'string', minLength: 1 };
export const flag: JsonSchema = { type: 'boolean' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const integer: JsonSchema = { type: 'integer' };
export const amount: JsonSchema = { type: 'number', minimum: 0 };
export const status: JsonSchema = { type: 'integer', minimum: 100 };
export const texts: JsonSchema = { type: 'array', items: text };
export const statuses: JsonSchema = { type: 'array', items: status };
/** String to string. */
export const dictionary: JsonSchema = { type: 'object', additionalProperties: text };

export const oneOf = (...values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** An object with exactly these members; those whose name ends in `?` may be absent. */
export function object(members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(members);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(members).map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
    required: names.filter((key) => !key.endsWith('?')),
    additionalProperties: false,
  };
}

/** One object per kind, told apart by its member `kind`. */
export function union<K extends string>(kinds: Readonly<Record<K, Readonly<Record<string, JsonSchema>>>>): JsonSchema {
  return {
    oneOf: Object.entries<Readonly<Record<string, JsonSchema>>>(kinds).map(([kind, members]) =>
      object({ kind: { const: kind }, ...members }),
    ),
  };
}
