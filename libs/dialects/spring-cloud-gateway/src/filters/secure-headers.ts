import type { BoundNode } from '#config';
import { suggest } from '#kernel';

interface SecureHeader {
  /** Key under `filter.secure-headers` that replaces the value. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly optIn?: true;
}

/** Names and values as Spring Cloud Gateway 5.0.3 sends them. */
const HEADERS: readonly SecureHeader[] = [
  { key: 'xss-protection-header', name: 'X-Xss-Protection', value: '1 ; mode=block' },
  { key: 'strict-transport-security', name: 'Strict-Transport-Security', value: 'max-age=631138519' },
  { key: 'frame-options', name: 'X-Frame-Options', value: 'DENY' },
  { key: 'content-type-options', name: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'referrer-policy', name: 'Referrer-Policy', value: 'no-referrer' },
  {
    key: 'content-security-policy',
    name: 'Content-Security-Policy',
    value:
      "default-src 'self' https:; font-src 'self' https: data:; img-src 'self' https: data:; " +
      "object-src 'none'; script-src https:; style-src 'self' https: 'unsafe-inline'",
  },
  { key: 'download-options', name: 'X-Download-Options', value: 'noopen' },
  { key: 'permitted-cross-domain-policies', name: 'X-Permitted-Cross-Domain-Policies', value: 'none' },
  { key: 'permissions-policy', name: 'Permissions-Policy', value: '', optIn: true },
];

/** The headers of one SecureHeaders filter: the route's own `enable` and `disable` replace the global ones. */
export function secureHeaders(args: BoundNode, global: BoundNode): Readonly<Record<string, string>> {
  const enabled = names(args, 'enable') ?? names(global, 'enable') ?? new Set<string>();
  const disabled = names(args, 'disable') ?? names(global, 'disable') ?? new Set<string>();
  global.at('enable').ignore();
  global.at('disable').ignore();
  const chosen: Record<string, string> = {};
  for (const { key, name, value, optIn } of HEADERS) {
    const lower = name.toLowerCase();
    if (disabled.has(lower) || (optIn && !enabled.has(lower))) continue;
    chosen[name] = global.string(key) ?? value;
  }
  return chosen;
}

function names(node: BoundNode, key: string): ReadonlySet<string> | undefined {
  const known = HEADERS.map(({ name }) => name.toLowerCase());
  const written = node.list(key)?.map((name) => name.toLowerCase());
  if (written === undefined) return undefined;
  for (const name of written) {
    if (known.includes(name)) continue;
    const close = suggest(name, known);
    node.at(key).report({
      code: 'invalid-value',
      message: `SecureHeaders does not set "${name}"`,
      remedy: close === undefined ? `choose among ${known.join(', ')}` : `did you mean ${close}?`,
    });
  }
  return new Set(written);
}
