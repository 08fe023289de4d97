import type { TextMatch } from '#traffic';
import { required } from '../factory-call.ts';
import { optionalRegex, requiredRegex } from '../regex-argument.ts';
import type { FactoryTable } from '../route-draft.ts';

function textMatch(regex: string | undefined): TextMatch {
  return regex === undefined ? { kind: 'present' } : { kind: 'regex', value: regex };
}

/** Headers, query parameters and cookies: full matches of one of their values. */
export const requestParts: FactoryTable = {
  Header: {
    shape: { shortcut: ['header', 'regexp'] },
    needsArguments: true,
    translate: (args, draft) => {
      const name = required(args, 'header') ?? '';
      const match = textMatch(optionalRegex(args, 'regexp'));
      draft.match = { ...draft.match, headers: [...(draft.match.headers ?? []), { name, match, splitCommas: true }] };
    },
  },
  Query: {
    shape: { shortcut: ['param', 'regexp'] },
    needsArguments: true,
    translate: (args, draft) => {
      const name = required(args, 'param') ?? '';
      const match = textMatch(optionalRegex(args, 'regexp'));
      draft.match = { ...draft.match, query: [...(draft.match.query ?? []), { name, match }] };
    },
  },
  Cookie: {
    shape: { shortcut: ['name', 'regexp'] },
    needsArguments: true,
    translate: (args, draft) => {
      const name = required(args, 'name') ?? '';
      const match = textMatch(requiredRegex(args, 'regexp'));
      draft.match = { ...draft.match, cookies: [...(draft.match.cookies ?? []), { name, match }] };
    },
  },
};
