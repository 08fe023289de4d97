import { required } from '../factory-call.ts';
import { parseStatus } from '../http-status.ts';
import { replacementFor, requiredRegex } from '../regex-argument.ts';
import type { FactoryTable } from '../route-draft.ts';
import { secureHeaders } from './secure-headers.ts';
import { variablesIn } from './templates.ts';

const KEEP = { 'retain-first': 'first', 'retain-last': 'last', 'retain-unique': 'unique' } as const;
const STRIP = { 'never-strip': 'never', 'always-strip': 'always', 'as-in-request': 'as-in-request' } as const;
const KEEP_WORDS = ['retain-first', 'retain-last', 'retain-unique'] as const;
const STRIP_WORDS = ['never-strip', 'always-strip', 'as-in-request'] as const;

/** Filters that change the answer. */
export const response: FactoryTable = {
  AddResponseHeader: {
    shape: { shortcut: ['name', 'value', 'override'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const value = required(args, 'value') ?? '';
      const ifAbsent = args.boolean('override') === false ? { ifAbsent: true } : {};
      filters.push({ kind: 'add-header', on: 'response', name, value, ...ifAbsent, ...variablesIn(value) });
    },
  },
  SetResponseHeader: {
    shape: { shortcut: ['name', 'value'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const value = required(args, 'value') ?? '';
      filters.push({ kind: 'set-header', on: 'response', name, value, ...variablesIn(value) });
    },
  },
  RemoveResponseHeader: {
    shape: { shortcut: ['name'] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'remove-header', on: 'response', names: [required(args, 'name') ?? ''] });
    },
  },
  RewriteResponseHeader: {
    shape: { shortcut: ['name', 'regexp', 'replacement'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const regex = requiredRegex(args, 'regexp');
      const replacement = replacementFor(args, 'replacement', regex);
      filters.push({ kind: 'rewrite-header', on: 'response', name, regex: regex ?? '', replacement });
    },
  },
  DedupeResponseHeader: {
    shape: { shortcut: ['name', 'strategy'] },
    translate: (args, { filters }) => {
      const names = (required(args, 'name') ?? '').split(/\s+/).filter((name) => name !== '');
      const keep = KEEP[args.oneOf('strategy', KEEP_WORDS) ?? 'retain-first'];
      filters.push({ kind: 'dedupe-header', on: 'response', names, keep });
    },
  },
  RewriteLocationResponseHeader: {
    shape: { shortcut: ['strip-version', 'location-header-name', 'host-value', 'protocols'] },
    translate: (args, { filters }) => {
      const stripVersion = STRIP[args.oneOf('strip-version', STRIP_WORDS) ?? 'as-in-request'];
      const header = args.string('location-header-name') ?? 'Location';
      const host = args.string('host-value');
      const protocols = args.string('protocols') ?? 'https?|ftps?';
      filters.push({ kind: 'rewrite-location', header, stripVersion, protocols, ...(host ? { host } : {}) });
    },
  },
  SetStatus: {
    shape: { shortcut: ['status'] },
    translate: (args, { filters, gateway }) => {
      const text = required(args, 'status');
      const status = parseStatus(text ?? '');
      const header = gateway.string('set-status.original-status-header-name');
      if (status !== undefined)
        filters.push({ kind: 'set-status', status, ...(header ? { originalStatusHeader: header } : {}) });
      else if (text !== undefined)
        args.at('status').report({
          code: 'invalid-value',
          message: `SetStatus: "${text}" is not a status`,
          remedy: 'write a number such as 404 or a name such as NOT_FOUND',
        });
    },
  },
  SecureHeaders: {
    shape: { shortcut: [] },
    translate: (args, { filters, gateway }) => {
      filters.push({ kind: 'secure-headers', headers: secureHeaders(args, gateway.at('filter.secure-headers')) });
    },
  },
};
