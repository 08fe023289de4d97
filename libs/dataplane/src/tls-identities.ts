import { createSecureContext, type SecureContext } from 'node:tls';

/** PEM texts of a server certificate and its key. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
  /** Host names that it is shown for: exact ones, and `*.example.com` for one label. */
  readonly names?: readonly string[];
}

/** The certificates of one listener. The first is shown to clients that name no host or one that nobody has. */
export class TlsIdentities {
  readonly standard: ServerIdentity;
  readonly #standardContext: SecureContext;
  readonly #byName = new Map<string, SecureContext>();

  /** Throws, and so replaces nothing, where a text is not the PEM of what it shall be. */
  constructor(identities: readonly ServerIdentity[]) {
    const [standard] = identities;
    if (!standard) throw new TypeError('a TLS listener needs a certificate');
    this.standard = standard;
    const contexts = identities.map(({ cert, key }) => createSecureContext({ cert, key }));
    this.#standardContext = contexts[0] ?? createSecureContext(standard);
    identities.forEach(({ names = [] }, index) => {
      const context = contexts[index] ?? this.#standardContext;
      // The first that claims a name has it.
      for (const name of names.map(normalized)) if (!this.#byName.has(name)) this.#byName.set(name, context);
    });
  }

  /** An exact name goes before a wildcard, and a wildcard stands for one label (RFC 9525 6.3). */
  contextFor(serverName: string): SecureContext {
    const name = normalized(serverName);
    const exact = this.#byName.get(name);
    if (exact) return exact;
    const dot = name.indexOf('.');
    return (dot > 0 ? this.#byName.get(`*${name.slice(dot)}`) : undefined) ?? this.#standardContext;
  }
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
