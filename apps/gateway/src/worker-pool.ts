import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type ClusterView, mergeClusterViews } from '#dataplane';
import {
  type CancelTimer,
  type Clock,
  formatProblem,
  type Journal,
  type JournalEntry,
  type Problem,
  silentJournal,
} from '#kernel';
import type { ShownIdentity } from '#security';
import type { RequestWindow } from '#telemetry';
import type { EndpointSet, TrafficConfig } from '#traffic';
import type { ApplyResult, ListenOptions, TrafficPlane } from './traffic-plane.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface WorkerPoolOptions {
  readonly count: number;
  readonly entry: string;
  /** Words of the command line of each. */
  readonly args?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly clock: Clock;
  readonly journal?: Journal;
  readonly onWindow: (window: RequestWindow) => void;
}

interface Worker {
  readonly child: ChildProcess;
  readonly startedAt: number;
  inFlight: number;
  /** Finished, as far as it has told. */
  requests: number;
  /** Of the configuration in effect; undefined while there is none. */
  version: string | undefined;
  /** Why it did not take the configuration that the others have. */
  refusals: readonly Problem[];
  /** Each given to one message of the kind, in order: a worker does one thing after the other. */
  readonly waiting: Map<FromWorker['kind'], ((message: FromWorker | undefined) => void)[]>;
}

/** A worker process, for those who look. */
export interface WorkerState {
  readonly pid: number;
  readonly version: string | null;
  readonly inFlight: number;
  readonly requests: number;
  readonly refusals: readonly Problem[];
}

const PART = 'gateway';
/** A worker that dies sooner than this is started again only after a pause. */
const EARLY_MS = 5_000;
const PAUSE_MS = 1_000;
/** A worker that has not taken a configuration by then hangs, and is replaced. */
const APPLY_MS = 10_000;
/** Longest that a worker may think about what it sees. */
const VIEW_MS = 1_000;
/** How much later than told a worker may stop before it is made to. */
const STOP_MS = 2_000;

/**
 * Worker processes that share the port, each with its own data plane. A configuration is in effect when all accepted it; one
 * that dies is replaced by another with the same configuration and instances.
 */
export class WorkerPool implements TrafficPlane {
  /** How often a worker had to be replaced. */
  restarts = 0;
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #endpoints = new Map<string, EndpointSet>();
  #config: TrafficConfig | undefined;
  #listening: ListenOptions | undefined;
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let index = 0; index < options.count; index++) this.#start();
  }

  get inFlight(): number {
    return [...this.#workers].reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  get pids(): readonly number[] {
    return [...this.#workers].flatMap(({ child }) => child.pid ?? []);
  }

  get workers(): readonly WorkerState[] {
    return [...this.#workers].map(({ child, version, inFlight, requests, refusals }) => ({
      pid: child.pid ?? 0,
      version: version ?? null,
      inFlight,
      requests,
      refusals,
    }));
  }

  /** The first takes the port, which may be a free one; the others join it. */
  async listen(options: ListenOptions): Promise<number> {
    const [first, ...others] = this.#workers;
    if (first === undefined) throw new Error('no worker process could be started');
    const taken = await this.#listenOne(first, options);
    const listening = { ...options, port: taken };
    this.#listening = listening;
    await Promise.all(others.map((worker) => this.#listenOne(worker, listening)));
    return taken;
  }

  renew(tls: readonly ShownIdentity[]): void {
    if (this.#listening !== undefined) this.#listening = { ...this.#listening, tls };
    for (const worker of this.#workers) send(worker, { kind: 'renew', identities: tls });
  }

  async apply(config: TrafficConfig): Promise<ApplyResult> {
    const asked = [...this.#workers];
    const results = await Promise.all(asked.map((worker) => this.#applyOne(worker, config)));
    const problems = results.flatMap((result): readonly Problem[] => (result.accepted ? [] : result.problems));
    if (problems.length === 0) {
      this.#config = config;
      // Replacements that were started meanwhile got the one before.
      for (const worker of this.#workers) if (!asked.includes(worker)) void this.#applyOne(worker, config);
      return { accepted: true };
    }
    // All or none: those that took it go back.
    const previous = this.#config;
    if (previous !== undefined) await Promise.all([...this.#workers].map((worker) => this.#applyOne(worker, previous)));
    return { accepted: false, problems: problems.slice(0, Math.ceil(problems.length / results.length)) };
  }

  updateEndpoints(set: EndpointSet): void {
    this.#endpoints.set(set.cluster, set);
    for (const worker of this.#workers) send(worker, { kind: 'endpoints', set });
  }

  /** A worker that does not answer in time is left out. */
  async view(): Promise<readonly ClusterView[]> {
    const answers = await Promise.all(
      [...this.#workers].map(async (worker) => {
        const answer = await this.#askWithin(VIEW_MS, worker, { kind: 'view' }, 'view');
        return answer?.kind === 'view' ? answer.clusters : [];
      }),
    );
    return mergeClusterViews(answers);
  }

  /** What is under way in a worker that does not answer in time counts as cut. */
  async drain(deadlineMs: number): Promise<number> {
    this.#stopping = true;
    const drained = [...this.#workers].map(async (worker) => {
      const answer = await this.#askWithin(deadlineMs + STOP_MS, worker, { kind: 'drain', deadlineMs }, 'drained');
      return answer?.kind === 'drained' ? answer.cut : worker.inFlight;
    });
    return (await Promise.all(drained)).reduce((sum, cut) => sum + cut, 0);
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#workers].map(({ child }) => this.#end(child)));
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const cancel = this.#options.clock.schedule(STOP_MS, () => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    if (child.connected) child.disconnect();
    await exited;
    cancel();
  }

  #start(): Worker {
    const { entry, args, execArgv, clock } = this.#options;
    const child = fork(entry, args ?? [], { ...(execArgv && { execArgv: [...execArgv] }) });
    const worker: Worker = {
      child,
      startedAt: clock.monotonic(),
      inFlight: 0,
      requests: 0,
      version: undefined,
      refusals: [],
      waiting: new Map(),
    };
    this.#workers.add(worker);
    child.on('message', (message: FromWorker) => this.#take(worker, message));
    child.once('exit', (status, signal) => this.#replace(worker, signal ?? `status ${status}`));
    return worker;
  }

  #take(worker: Worker, message: FromWorker): void {
    if (message.kind === 'window') {
      worker.requests += requestsOf(message.window);
      worker.inFlight = message.inFlight;
      this.#options.onWindow(message.window);
      return;
    }
    if (message.kind === 'journal') {
      const { entry } = message;
      const { pid = 0 } = worker.child;
      const details = { ...entry.details, worker: pid };
      this.#record({ ...entry, message: `${entry.message} (worker ${pid})`, details });
      return;
    }
    const kind = message.kind === 'cannot-listen' ? 'listening' : message.kind;
    worker.waiting.get(kind)?.shift()?.(message);
  }

  #replace(dead: Worker, how: string): void {
    this.#workers.delete(dead);
    for (const answer of [...dead.waiting.values()].flat()) answer(undefined);
    if (this.#stopping) return;
    this.restarts += 1;
    const { clock } = this.#options;
    const early = clock.monotonic() - dead.startedAt < EARLY_MS;
    const { pid = 0 } = dead.child;
    const lost = dead.inFlight === 0 ? '' : `, with about ${dead.inFlight} requests under way`;
    const next = early ? `another starts in ${PAUSE_MS} ms` : 'another starts';
    const message = `worker ${pid} died (${how})${lost}; ${next}`;
    this.#record({ level: 'error', part: PART, event: 'worker-died', message, details: { worker: pid, how } });
    if (early) clock.schedule(PAUSE_MS, () => this.#startReady(pid));
    else this.#startReady(pid);
  }

  /** A replacement gets all that the others have before it takes its share of the port. */
  #startReady(former: number): void {
    if (this.#stopping) return;
    const worker = this.#start();
    const { pid = 0 } = worker.child;
    const message = `worker ${pid} takes the place of ${former}`;
    this.#record({ level: 'info', part: PART, event: 'worker-replaced', message, details: { worker: pid, former } });
    if (this.#config !== undefined) {
      void this.#applyOne(worker, this.#config);
      for (const set of this.#endpoints.values()) send(worker, { kind: 'endpoints', set });
    }
    if (this.#listening !== undefined) send(worker, { kind: 'listen', options: this.#listening });
  }

  async #listenOne(worker: Worker, options: ListenOptions): Promise<number> {
    const answer = await ask(worker, { kind: 'listen', options }, 'listening');
    if (answer?.kind === 'listening') return answer.port;
    if (answer?.kind === 'cannot-listen') throw Object.assign(new Error(answer.message), { code: answer.code });
    throw new Error('a worker process ended before it listened');
  }

  /** Undefined when no answer comes in time, or the worker ends. */
  async #askWithin(
    ms: number,
    worker: Worker,
    message: ToWorker,
    kind: FromWorker['kind'],
  ): Promise<FromWorker | undefined> {
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<undefined>((resolve) => {
      cancel = this.#options.clock.schedule(ms, () => resolve(undefined));
    });
    const answer = await Promise.race([ask(worker, message, kind), late]);
    cancel();
    return answer;
  }

  #record(entry: JournalEntry): void {
    (this.#options.journal ?? silentJournal).record(entry);
  }

  async #applyOne(worker: Worker, config: TrafficConfig): Promise<ApplyResult> {
    const cancel = this.#options.clock.schedule(APPLY_MS, () => worker.child.kill('SIGKILL'));
    const answer = await ask(worker, { kind: 'apply', version: config.version, config }, 'applied');
    cancel();
    // One that died meanwhile is replaced, and says nothing against the configuration.
    if (answer?.kind !== 'applied') return { accepted: true };
    if (answer.result.accepted) worker.version = config.version;
    const refused = worker.refusals.length > 0;
    worker.refusals = answer.result.accepted ? [] : answer.result.problems;
    const { pid = 0 } = worker.child;
    const details = { worker: pid, version: config.version };
    if (!answer.result.accepted) {
      const message = `worker ${pid} refuses the configuration: ${answer.result.problems.map(formatProblem).join('; ')}`;
      this.#record({ level: 'error', part: PART, event: 'worker-refused', message, details });
    } else if (refused) {
      const message = `worker ${pid} takes the configuration again`;
      this.#record({ level: 'info', part: PART, event: 'worker-accepted', message, details });
    }
    return answer.result;
  }
}

function requestsOf(window: RequestWindow): number {
  const counts = Object.values(window).flatMap((route) => Object.values(route.counts));
  return counts.reduce((sum, count) => sum + count, 0);
}

function send({ child }: Worker, message: ToWorker): void {
  if (child.connected) child.send(message);
}

function ask(worker: Worker, message: ToWorker, kind: FromWorker['kind']): Promise<FromWorker | undefined> {
  return new Promise((resolve) => {
    if (!worker.child.connected) {
      resolve(undefined);
      return;
    }
    const answers = worker.waiting.get(kind) ?? [];
    worker.waiting.set(kind, [...answers, resolve]);
    send(worker, message);
  });
}
