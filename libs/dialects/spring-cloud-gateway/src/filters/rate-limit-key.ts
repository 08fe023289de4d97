import type { BoundNode } from '#config';
import type { RateLimit } from '#traffic';
import type { RouteDraft } from '../route-draft.ts';

type Key = RateLimit['key'];

const KEYS = 'client-address, host, path, header:NAME or constant:TEXT';

/**
 * Whom a limit counts. The original names a Java bean (`#{@ipKeyResolver}`); what that bean does is written under
 * `cardea.gateway.key-resolvers.<bean>`.
 */
export function rateLimitKey(args: BoundNode, draft: RouteDraft): Key | undefined {
  const written = args.string('key-resolver');
  if (written === undefined) {
    args.report({
      code: 'unsupported',
      message: 'RequestRateLimiter counts by principal unless a key resolver is given, and there are no principals',
      remedy: 'write key-resolver: "#{@NAME}" and cardea.gateway.key-resolvers.NAME: client-address',
    });
    return undefined;
  }
  const bean = /^#\{\s*@([\w.-]+)\s*\}$/.exec(written)?.[1];
  if (bean === undefined) return parseKey(args.at('key-resolver'), written);
  const resolver = draft.root.at('cardea.gateway.key-resolvers').entry(bean);
  const meaning = resolver.text;
  if (meaning !== undefined) return parseKey(resolver, meaning);
  args.at('key-resolver').report({
    code: 'unknown-key-resolver',
    message: `what the key resolver "${bean}" counts by is not known`,
    remedy: `write cardea.gateway.key-resolvers.${bean}: followed by ${KEYS}`,
  });
  return undefined;
}

function parseKey(node: BoundNode, text: string): Key | undefined {
  const colon = text.indexOf(':');
  const kind = (colon < 0 ? text : text.slice(0, colon)).trim();
  const value = colon < 0 ? '' : text.slice(colon + 1).trim();
  if (kind === 'client-address' || kind === 'host' || kind === 'path') return { kind };
  if (kind === 'header' && value !== '') return { kind, name: value };
  if (kind === 'constant') return { kind, value };
  node.report({ code: 'invalid-value', message: `"${text}" is no key to count by`, remedy: `write ${KEYS}` });
  return undefined;
}
