import { parseStatus } from '../http-status.ts';
import { required } from '../factory-call.ts';
import { replacementFor, requiredRegex } from '../regex-argument.ts';
import type { FactoryTable } from '../route-draft.ts';
import { variablesIn } from './templates.ts';

/** Filters that change where the request goes: path, query, whole target. */
export const target: FactoryTable = {
  PrefixPath: {
    shape: { shortcut: ['prefix'] },
    translate: (args, { filters }) => {
      const prefix = required(args, 'prefix') ?? '';
      if (!filters.some(({ kind }) => kind === 'prefix-path'))
        return void filters.push({ kind: 'prefix-path', prefix, once: true, ...variablesIn(prefix) });
      return args.report({
        severity: 'warning',
        code: 'no-effect',
        message: 'only the first PrefixPath of a route acts, default filters included',
        remedy: 'remove this one',
      });
    },
  },
  StripPrefix: {
    shape: { shortcut: ['parts'] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'strip-segments', count: args.integer('parts', { min: 0 }) ?? 1 });
    },
  },
  SetPath: {
    shape: { shortcut: ['template'] },
    translate: (args, { filters }) => {
      const path = required(args, 'template') ?? '';
      filters.push({ kind: 'set-path', path, ...variablesIn(path) });
    },
  },
  RewritePath: {
    shape: { shortcut: ['regexp', 'replacement'] },
    translate: (args, { filters }) => {
      const regex = requiredRegex(args, 'regexp');
      required(args, 'replacement');
      const replacement = replacementFor(args, 'replacement', regex);
      filters.push({ kind: 'rewrite-path', regex: regex ?? '', replacement });
    },
  },
  SetRequestUri: {
    shape: { shortcut: ['template'] },
    translate: (args, { filters }) => {
      const uri = required(args, 'template') ?? '';
      filters.push({ kind: 'set-uri', uri, ...variablesIn(uri) });
    },
  },
  RequestHeaderToRequestUri: {
    shape: { shortcut: ['name'] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'uri-from-header', header: required(args, 'name') ?? '' });
    },
  },
  AddRequestParameter: {
    shape: { shortcut: ['name', 'value'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const value = required(args, 'value') ?? '';
      filters.push({ kind: 'add-query', name, value, ...variablesIn(value) });
    },
  },
  RemoveRequestParameter: {
    shape: { shortcut: ['name'] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'remove-query', name: required(args, 'name') ?? '' });
    },
  },
  RewriteRequestParameter: {
    shape: { shortcut: ['name', 'replacement'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      filters.push({ kind: 'rewrite-query', name, value: required(args, 'replacement') ?? '' });
    },
  },
  RedirectTo: {
    shape: { shortcut: ['status', 'url', 'include-request-params'] },
    translate: (args, { filters }) => {
      const status = parseStatus(required(args, 'status') ?? '');
      const location = required(args, 'url') ?? '';
      const includeQuery = args.boolean('include-request-params') ?? false;
      if (status !== undefined && status >= 300 && status <= 399)
        return void filters.push({ kind: 'redirect', status, location, ...(includeQuery ? { includeQuery } : {}) });
      return args.at('status').report({
        code: 'invalid-value',
        message: `RedirectTo: "${args.string('status') ?? ''}" is not a redirect`,
        remedy: 'write a status from 300 to 399, such as 302',
      });
    },
  },
};
