import type { Filter, RateLimit } from '../filter.ts';
import {
  amount,
  count,
  dictionary,
  flag,
  name,
  object,
  oneOf,
  status,
  text,
  texts,
  union,
  type JsonSchema,
} from './json-schema.ts';

const on = oneOf('request', 'response');
const templated = { 'variables?': flag };

const rateLimit = object({
  replenishRate: amount,
  burstCapacity: amount,
  requestedTokens: amount,
  key: union<RateLimit['key']['kind']>({
    'client-address': {},
    header: { name },
    host: {},
    path: {},
    constant: { value: text },
  }),
  status,
  emptyKey: oneOf('deny', 'allow'),
  emptyKeyStatus: status,
  headers: flag,
} satisfies Record<keyof RateLimit, JsonSchema>);

/** A filter without its schema does not type-check. */
export const filterSchema = union<Filter['kind']>({
  'add-header': { on, name, value: text, 'moreValues?': texts, 'ifAbsent?': flag, ...templated },
  'set-header': { on, name, value: text, ...templated },
  'remove-header': { on, names: texts },
  'copy-header': { on, from: name, to: name },
  'rewrite-header': { on, name, regex: text, replacement: text },
  'dedupe-header': { on, names: texts, keep: oneOf('first', 'last', 'unique') },
  'rewrite-location': {
    header: name,
    stripVersion: oneOf('never', 'always', 'as-in-request'),
    'host?': text,
    protocols: text,
  },
  'secure-headers': { headers: dictionary },
  'strip-segments': { count },
  'strip-prefix': { prefix: text },
  'prefix-path': { prefix: text, 'once?': flag, ...templated },
  'set-path': { path: text, ...templated },
  'rewrite-path': { regex: text, replacement: text },
  'add-query': { name: text, value: text, ...templated },
  'remove-query': { name: text },
  'rewrite-query': { name: text, value: text },
  'set-host': { host: text, ...templated },
  'preserve-host': {},
  'set-uri': { uri: text, ...templated },
  'uri-from-header': { header: name },
  'prefix-header': { prefix: text },
  'request-size': { maxBytes: amount },
  'request-header-size': { maxBytes: amount, errorHeader: name },
  'rate-limit': { limit: rateLimit },
  redirect: { status, location: text, 'includeQuery?': flag },
  respond: { status, 'headers?': dictionary, 'body?': text },
  'set-status': { status, 'originalStatusHeader?': name },
});
