import type { BoundNode } from '#config';
import type { FactoryTable } from '../route-draft.ts';

/** `Path` and `Host`: what the router indexes by. */
export const pathAndHost: FactoryTable = {
  Path: {
    shape: { shortcut: ['patterns', 'match-trailing-slash'], gather: 'list-and-flag' },
    needsArguments: true,
    translate: (args, draft) => {
      const patterns = requiredList(args, 'patterns');
      const trailingSlash = args.boolean('match-trailing-slash') ?? true;
      if (repeats(args, draft.match.paths)) return;
      const base = (draft.root.string('spring.webflux.base-path') ?? '').replace(/\/$/, '');
      const paths = patterns.map((pattern) => ({
        kind: 'pattern' as const,
        value: base + (pattern.startsWith('/') ? pattern : `/${pattern}`),
        trailingSlash,
      }));
      draft.match = { ...draft.match, pathView: 'raw', paths };
    },
  },
  Host: {
    shape: { shortcut: ['patterns'], gather: 'list' },
    needsArguments: true,
    translate: (args, draft) => {
      const patterns = requiredList(args, 'patterns');
      if (repeats(args, draft.match.hosts)) return;
      const includePort = draft.gateway.boolean('predicate.host.include-port') ?? true;
      const hosts = patterns.map((value) => ({ value, includePort, caseSensitive: true }));
      draft.match = { ...draft.match, hosts };
    },
  },
  Method: {
    shape: { shortcut: ['methods'], gather: 'list' },
    needsArguments: true,
    translate: (args, draft) => {
      const methods = requiredList(args, 'methods').map((method) => method.toUpperCase());
      if (repeats(args, draft.match.methods)) return;
      draft.match = { ...draft.match, methods };
    },
  },
};

/** A list with at least one element; a problem otherwise. */
export function requiredList(args: BoundNode, name: string): readonly string[] {
  const items = args.list(name) ?? [];
  if (items.length === 0)
    args.report({
      code: 'missing-argument',
      message: `${args.path} needs at least one of ${name}`,
      remedy: `write ${args.path}=…`,
    });
  return items;
}

/** True when the route has such a predicate already: two would both have to hold, which the model cannot say. */
export function repeats(args: BoundNode, present: unknown): boolean {
  if (present === undefined) return false;
  args.report({
    code: 'repeated-predicate',
    message: `a second ${args.path} in one route is not supported`,
    remedy: `write one ${args.path} that says both`,
  });
  return true;
}
