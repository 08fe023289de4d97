/** What processes tell each other. Every event may be lost or come twice: receivers look at the source of truth. */
export interface BusEvents {
  /** A config server has a new state. */
  readonly 'config-changed': { readonly application: string; readonly version: string };
  /** Instances of these services came, changed or went. */
  readonly 'registry-changed': { readonly services: readonly string[]; readonly index: number };
  /** Processes of this name shall stop taking traffic; all when it is absent. */
  readonly drain: { readonly app?: string };
}

export type BusEventName = keyof BusEvents;

export type BusHandlers = { readonly [E in BusEventName]?: (data: BusEvents[E]) => void };
