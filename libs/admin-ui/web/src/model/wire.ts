/** What the management port sends. Times are epoch ms unless the name ends in `Ms`. */

export type InstanceStatus = 'UP' | 'DOWN' | 'STARTING' | 'OUT_OF_SERVICE' | 'UNKNOWN';

/** An instance in `/registry/api/v1/stream`. */
export interface InstanceView {
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly secure?: boolean;
  readonly status: InstanceStatus;
  readonly weight?: number;
  readonly zone?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly ttlMs?: number | null;
  readonly registeredAt?: number;
  readonly lastRenewalAt?: number | undefined;
  readonly expiresAt?: number | null | undefined;
  /** Why the registry keeps an instance whose lease has run out. */
  readonly held?: string | null | undefined;
  readonly protocol?: string;
}

export interface RegistrySnapshot {
  readonly index: number;
  readonly instances: readonly InstanceView[];
}

export interface RegistryChange {
  readonly index: number;
  readonly changes: readonly { readonly type: 'added' | 'modified' | 'removed'; readonly instance: InstanceView }[];
}

/** Counts of one second, of the whole gateway, one route or one service. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** The `second` event of `/api/v1/gateway/live`. */
export interface Second extends Counts {
  readonly at: number;
  readonly inFlight: number;
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly routes?: Readonly<Record<string, Counts>>;
  readonly services?: Readonly<Record<string, Counts>>;
}

export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly location?: SourceLocation;
  readonly subject?: string;
}

export interface RouteView {
  readonly id: string;
  readonly order: number;
  readonly dialect: string;
  readonly predicate: string;
  readonly target: string;
  readonly filters: readonly string[];
  readonly location?: SourceLocation | null;
  readonly problems?: readonly Problem[];
}

/** `/api/v1/gateway/routes`. */
export interface RoutesView {
  readonly version: string | number;
  readonly routes: readonly RouteView[];
  readonly problems?: readonly Problem[];
  readonly configSource?: { readonly commit?: string | null; readonly state: string; readonly ageMs?: number } | null;
}

/** `/actuator/health`, as Spring Boot shapes it. */
export interface HealthView {
  readonly status: string;
  readonly components?: Readonly<Record<string, HealthView>>;
  readonly details?: Readonly<Record<string, unknown>>;
}
