import { required } from '../factory-call.ts';
import type { FactoryTable } from '../route-draft.ts';
import { variablesIn } from './templates.ts';

/** Filters that change the headers of the request. */
export const requestHeaders: FactoryTable = {
  AddRequestHeader: {
    shape: { shortcut: ['name', 'value'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const value = required(args, 'value') ?? '';
      filters.push({ kind: 'add-header', on: 'request', name, value, ...variablesIn(value) });
    },
  },
  AddRequestHeadersIfNotPresent: {
    shape: { shortcut: ['headers'], gather: 'list' },
    translate: (args, { filters }) => {
      const values = new Map<string, string[]>();
      for (const pair of args.list('headers') ?? []) {
        const [name = '', value, ...more] = pair.split(':');
        if (value === undefined || more.length > 0)
          args.report({
            code: 'invalid-value',
            message: `${args.path}: "${pair}" is not name:value`,
            remedy: 'write exactly one colon in each pair',
          });
        else values.set(name, [...(values.get(name) ?? []), value]);
      }
      for (const [name, [value = '', ...moreValues]] of values)
        filters.push({
          kind: 'add-header',
          on: 'request',
          name,
          value,
          ifAbsent: true,
          ...(moreValues.length > 0 ? { moreValues } : {}),
        });
    },
  },
  SetRequestHeader: {
    shape: { shortcut: ['name', 'value'] },
    translate: (args, { filters }) => {
      const name = required(args, 'name') ?? '';
      const value = required(args, 'value') ?? '';
      filters.push({ kind: 'set-header', on: 'request', name, value, ...variablesIn(value) });
    },
  },
  RemoveRequestHeader: {
    shape: { shortcut: ['name'] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'remove-header', on: 'request', names: [required(args, 'name') ?? ''] });
    },
  },
  MapRequestHeader: {
    shape: { shortcut: ['from-header', 'to-header'] },
    translate: (args, { filters }) => {
      const from = required(args, 'from-header') ?? '';
      filters.push({ kind: 'copy-header', on: 'request', from, to: required(args, 'to-header') ?? '' });
    },
  },
  PreserveHostHeader: {
    shape: { shortcut: [] },
    translate: (_, { filters }) => void filters.push({ kind: 'preserve-host' }),
  },
  SetRequestHostHeader: {
    shape: { shortcut: ['host'] },
    translate: (args, { filters }) => {
      const host = required(args, 'host') ?? '';
      filters.push({ kind: 'set-host', host, ...variablesIn(host) });
    },
  },
};
