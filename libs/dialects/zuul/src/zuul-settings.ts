import type { BoundNode } from '#config';

/** What `zuul.*` says about all routes. */
export interface ZuulSettings {
  /** Without a trailing slash; empty when there is none. */
  readonly prefix: string;
  readonly stripPrefix: boolean;
  readonly retryable: boolean;
  readonly addProxyHeaders: boolean;
  readonly addHostHeader: boolean;
  readonly ignoredPatterns: readonly string[];
  readonly ignoredHeaders: readonly string[];
  readonly sensitiveHeaders: readonly string[];
  /** Second entry to the same routes; empty when there is none. */
  readonly servletPath: string;
  readonly decodeUrl: boolean;
  readonly verifyTls: boolean;
}

const SENSITIVE = ['Cookie', 'Set-Cookie', 'Authorization'];

export function readSettings(zuul: BoundNode): ZuulSettings {
  const verifyTls = zuul.boolean('ssl-hostname-validation-enabled') ?? true;
  if (!verifyTls)
    zuul.at('ssl-hostname-validation-enabled').report({
      severity: 'warning',
      code: 'insecure',
      message: 'certificates of upstreams are not verified',
      remedy: 'remove ssl-hostname-validation-enabled and trust the authority that signed them',
    });
  return {
    prefix: slashed(zuul.string('prefix') ?? ''),
    stripPrefix: zuul.boolean('strip-prefix') ?? true,
    retryable: zuul.boolean('retryable') ?? false,
    addProxyHeaders: zuul.boolean('add-proxy-headers') ?? true,
    addHostHeader: zuul.boolean('add-host-header') ?? false,
    ignoredPatterns: zuul.list('ignored-patterns') ?? [],
    ignoredHeaders: zuul.list('ignored-headers') ?? [],
    sensitiveHeaders: zuul.list('sensitive-headers') ?? SENSITIVE,
    servletPath: slashed(zuul.string('servlet-path') ?? '/zuul'),
    decodeUrl: zuul.boolean('decode-url') ?? true,
    verifyTls,
  };
}

function slashed(path: string): string {
  const trimmed = path.trim().replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}
