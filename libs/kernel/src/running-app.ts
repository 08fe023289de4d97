/** An address that a process answers on: `{ name: 'gateway', url: 'http://127.0.0.1:8080' }`. */
export interface Listener {
  readonly name: string;
  readonly url: string;
}

/** A started app, embedded by `cardea up` or alone in its process. */
export interface RunningApp {
  readonly name: string;
  readonly listeners: readonly Listener[];
  /** Readiness fails first; work under way may finish until `deadlineMs` have passed. */
  drain(deadlineMs: number): Promise<void>;
  /** Frees ports, timers and files. Safe to call twice. */
  close(): Promise<void>;
}
