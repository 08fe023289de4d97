import { type ChildProcess, fork } from 'node:child_process';
import { type ClusterView, mergeClusterViews } from '#dataplane';
import type { CancelTimer, Clock, Problem } from '#kernel';
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
  readonly onWindow: (window: RequestWindow) => void;
}

interface Worker {
  readonly child: ChildProcess;
  readonly startedAt: number;
  inFlight: number;
  /** Given to the next message of the kind. */
  waiting: Map<FromWorker['kind'], (message: FromWorker | undefined) => void>;
}

/** A worker that dies sooner than this is started again only after a pause. */
const EARLY_MS = 5_000;
const PAUSE_MS = 1_000;
/** Longest that a worker may think about what it sees. */
const VIEW_MS = 1_000;

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
  #viewing: Promise<readonly ClusterView[]> | undefined;

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
    const results = await Promise.all([...this.#workers].map((worker) => this.#applyOne(worker, config)));
    const problems = results.flatMap((result): readonly Problem[] => (result.accepted ? [] : result.problems));
    if (problems.length === 0) {
      this.#config = config;
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
  view(): Promise<readonly ClusterView[]> {
    // One question at a time: answers are told apart by their kind only.
    this.#viewing ??= this.#askViews().finally(() => (this.#viewing = undefined));
    return this.#viewing;
  }

  async #askViews(): Promise<readonly ClusterView[]> {
    const answers = await Promise.all(
      [...this.#workers].map(async (worker) => {
        let cancel: CancelTimer = () => undefined;
        const late = new Promise<undefined>((resolve) => {
          cancel = this.#options.clock.schedule(VIEW_MS, () => resolve(undefined));
        });
        const answer = await Promise.race([ask(worker, { kind: 'view' }, 'view'), late]);
        cancel();
        return answer?.kind === 'view' ? answer.clusters : [];
      }),
    );
    return mergeClusterViews(answers);
  }

  async drain(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#workers].map((worker) => ask(worker, { kind: 'drain', deadlineMs }, 'drained')));
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      [...this.#workers].map(({ child }) => {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.disconnect();
        return exited;
      }),
    );
  }

  #start(): Worker {
    const { entry, args, execArgv, clock } = this.#options;
    const child = fork(entry, args ?? [], { ...(execArgv && { execArgv: [...execArgv] }) });
    const worker: Worker = { child, startedAt: clock.monotonic(), inFlight: 0, waiting: new Map() };
    this.#workers.add(worker);
    child.on('message', (message: FromWorker) => this.#take(worker, message));
    child.once('exit', () => this.#replace(worker));
    return worker;
  }

  #take(worker: Worker, message: FromWorker): void {
    if (message.kind === 'window') {
      worker.inFlight = message.inFlight;
      this.#options.onWindow(message.window);
      return;
    }
    const kind = message.kind === 'cannot-listen' ? 'listening' : message.kind;
    const answer = worker.waiting.get(kind);
    worker.waiting.delete(kind);
    answer?.(message);
  }

  #replace(dead: Worker): void {
    this.#workers.delete(dead);
    for (const answer of dead.waiting.values()) answer(undefined);
    if (this.#stopping) return;
    this.restarts += 1;
    const { clock } = this.#options;
    if (clock.monotonic() - dead.startedAt < EARLY_MS) clock.schedule(PAUSE_MS, () => this.#startReady());
    else this.#startReady();
  }

  /** A replacement gets all that the others have before it takes its share of the port. */
  #startReady(): void {
    if (this.#stopping) return;
    const worker = this.#start();
    if (this.#config !== undefined) {
      send(worker, { kind: 'apply', version: this.#config.version, config: this.#config });
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

  async #applyOne(worker: Worker, config: TrafficConfig): Promise<ApplyResult> {
    const answer = await ask(worker, { kind: 'apply', version: config.version, config }, 'applied');
    // One that died meanwhile is replaced, and says nothing against the configuration.
    return answer?.kind === 'applied' ? answer.result : { accepted: true };
  }
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
    worker.waiting.set(kind, resolve);
    send(worker, message);
  });
}
