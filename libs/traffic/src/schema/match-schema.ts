import type { Match, PathMatch, TextMatch } from '../match.ts';
import {
  amount,
  flag,
  integer,
  list,
  name,
  object,
  oneOf,
  text,
  texts,
  union,
  type JsonSchema,
} from './json-schema.ts';

const PATH_KINDS: Readonly<Record<PathMatch['kind'], true>> = {
  exact: true,
  prefix: true,
  'text-prefix': true,
  pattern: true,
  ant: true,
  regex: true,
};

const textMatch = union<TextMatch['kind']>({
  exact: { value: text, 'ignoreCase?': flag },
  prefix: { value: text, 'ignoreCase?': flag },
  regex: { value: text },
  present: {},
});

const pathMatch = object({
  kind: oneOf(...Object.keys(PATH_KINDS)),
  value: text,
  'ignoreCase?': flag,
  'trailingSlash?': flag,
});

const named = list(object({ name, match: textMatch, 'invert?': flag, 'splitCommas?': flag }));

const members: Readonly<Record<`${keyof Match}?`, JsonSchema>> = {
  'hosts?': list(object({ value: text, 'includePort?': flag, 'caseSensitive?': flag })),
  'paths?': list(pathMatch),
  'methods?': texts,
  'headers?': named,
  'query?': named,
  'cookies?': named,
  'remoteAddresses?': object({ cidrs: texts, source: oneOf('peer', 'client') }),
  'time?': object({ 'after?': integer, 'before?': integer }),
  'weight?': object({ group: name, weight: amount }),
  'pathView?': oneOf('raw', 'normalized'),
  'exceptPaths?': list(pathMatch),
};

export const matchSchema = object(members);
