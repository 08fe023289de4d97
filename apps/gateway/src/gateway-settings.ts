import type { DownstreamLimits } from '#dataplane';

/** What a gateway can be told; read from Spring-style keys by `#settings`. */
export interface GatewaySettings extends DownstreamLimits {
  readonly port: number;
  readonly address: string;
  /** Application whose configuration holds the routes. */
  readonly name: string;
  readonly profiles: readonly string[];
  readonly workers: number;
  /** `consul://…` and `consul+https://…` are the catalog of a Consul. */
  readonly registryUrl: string;
  readonly consulToken?: string | undefined;
  /** Those that are followed there; all when empty. */
  readonly consulServices?: readonly string[];
  readonly configUrl: string;
  readonly configLabel: string | undefined;
  /** `gateway/` below it holds the last good configuration. */
  readonly dataDir: string;
  readonly drainTimeoutMs: number;
  readonly managementPort: number;
  readonly managementAddress: string;
  /** `off`, `stdout` or a file. */
  readonly accessLog: string;
  readonly accessLogFormat: string;
  /** PEM files; both or none. */
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  /** Name of the bundle of the default certificate, instead of the two files. */
  readonly sslBundle: string | undefined;
  /** `[0].server-name` and `[0].bundle` of each. */
  readonly serverNameBundles: Readonly<Record<string, string>>;
  /** `NAME.keystore.certificate` and `NAME.keystore.private-key` of each. */
  readonly pemBundles: Readonly<Record<string, string>>;
  readonly http2Enabled: boolean;
  /** CIDR blocks; stronger than what the configuration says. */
  readonly trustedProxies: readonly string[];
  /** `write` or `reference`; undefined: what the configuration says. */
  readonly forwardedHeaders?: string | undefined;
  readonly busTransport: 'local' | 'redis';
  readonly redisUrl: string;
}
