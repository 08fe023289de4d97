import type { PropertySource } from '#config';
import { type AskedRequest, type ClusterView, explainRequest, type RequestExplanation } from '#dataplane';
import type { Clock, Problem } from '#kernel';
import type { RegistryChanges, RegistrySnapshot } from '#protocols/registry-api';
import { servablePart, type TrafficConfig } from '#traffic';
import { EndpointDirectory } from './endpoint-directory.ts';
import type { LastGoodFile } from './last-good.ts';
import { trafficOf } from './traffic-of.ts';
import type { TrafficPlane } from './traffic-plane.ts';

export interface ConfigurationState {
  readonly commit: string;
  /** `last-good`: from disk, or a newer one is refused. */
  readonly state: 'none' | 'live' | 'last-good';
  /** When what is in effect came. */
  readonly since: number;
}

/** Brings configuration and instances together and gives them to the data plane; remembers what is in effect. */
export class TrafficControl {
  readonly directory: EndpointDirectory;
  traffic: TrafficConfig | undefined;
  configuration: ConfigurationState;
  #refusals: readonly Problem[] = [];
  /** Stays until the configuration in effect is on disk. */
  #unsaved: readonly Problem[] = [];
  /** Why renewed certificates are not shown. */
  certificateProblems: readonly Problem[] = [];
  readonly #plane: TrafficPlane;
  readonly #lastGood: LastGoodFile;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #extend: (config: TrafficConfig) => TrafficConfig;
  #sources: readonly PropertySource[] | undefined;
  #commit = '';
  #explained: { readonly of: TrafficConfig; readonly servable: TrafficConfig } | undefined;
  /** Names that routes were last made of. */
  #services = '';
  #work: Promise<void> = Promise.resolve();

  constructor(
    plane: TrafficPlane,
    lastGood: LastGoodFile,
    clock: Clock,
    name: string,
    extend: (config: TrafficConfig) => TrafficConfig = (config) => config,
  ) {
    this.#plane = plane;
    this.#lastGood = lastGood;
    this.#clock = clock;
    this.#name = name;
    this.#extend = extend;
    this.configuration = { commit: '', state: 'none', since: clock.now() };
    this.directory = new EndpointDirectory(clock, (services) => {
      void this.#takeInstances(() => services);
    });
  }

  /** Why something newer than `traffic` is not in effect, or what is will be forgotten. */
  get refusals(): readonly Problem[] {
    return [...this.#refusals, ...this.#unsaved];
  }

  /** Serves what was in effect when the process last ran, until something newer comes. */
  useLastGood(): Promise<void> {
    return this.#enqueue(async () => {
      const saved = await this.#lastGood.read();
      if (saved === undefined || this.traffic !== undefined) return;
      await this.#apply(this.#extend(saved.traffic), {
        commit: saved.commit,
        state: 'last-good',
        since: saved.savedAt,
      });
    });
  }

  takeConfiguration(sources: readonly PropertySource[], commit: string): Promise<void> {
    return this.#enqueue(() => {
      this.#sources = sources;
      this.#commit = commit;
      return this.#translate();
    });
  }

  /** The config server refuses a newer state. */
  takeRefusal(problems: readonly Problem[]): void {
    this.#refusals = problems;
    if (problems.length > 0 && this.configuration.state === 'live') {
      this.configuration = { ...this.configuration, state: 'last-good' };
    }
  }

  takeSnapshot(snapshot: RegistrySnapshot): Promise<void> {
    return this.#takeInstances(() => this.directory.takeSnapshot(snapshot));
  }

  takeChanges(changes: RegistryChanges): Promise<void> {
    return this.#takeInstances(() => this.directory.takeChanges(changes));
  }

  /** What becomes of a request, and which instances it could go to. */
  async explain(asked: AskedRequest): Promise<RequestExplanation> {
    const config = this.#servable();
    if (config === undefined) return { tried: [] };
    const clusters = await this.#plane.view();
    return explainRequest(
      config,
      asked,
      clusters.map((cluster) => this.#annotate(cluster, config)),
    );
  }

  close(): void {
    this.directory.close();
  }

  #takeInstances(take: () => ReadonlySet<string>): Promise<void> {
    const touched = take();
    if (this.traffic !== undefined) this.#updateEndpoints(this.traffic, touched);
    // Zuul makes routes of services: another set of names can mean other routes.
    const services = this.directory.services.join();
    if (services === this.#services || this.#sources === undefined) return Promise.resolve();
    this.#services = services;
    return this.#enqueue(() => this.#translate());
  }

  async #translate(): Promise<void> {
    if (this.#sources === undefined) return;
    this.#services = this.directory.services.join();
    const base = trafficOf(this.#sources, this.directory.services, this.#name);
    const next = this.#extend(base);
    const state = { commit: this.#commit, state: 'live', since: this.#clock.now() } as const;
    if (next.version === this.traffic?.version) {
      this.configuration = { ...this.configuration, commit: this.#commit, state: 'live' };
      this.#refusals = [];
      return;
    }
    if (await this.#apply(next, state)) {
      // A full disk must not take a configuration out of effect; the next start only has an older one.
      this.#unsaved = [];
      await this.#lastGood.save({ commit: this.#commit, savedAt: state.since, traffic: base }).catch((error: Error) => {
        this.#unsaved = [
          {
            severity: 'warning',
            code: 'last-good-not-saved',
            message: `the configuration cannot be kept on disk: ${error.message}`,
          },
        ];
      });
    }
  }

  async #apply(next: TrafficConfig, state: ConfigurationState): Promise<boolean> {
    const result = await this.#plane.apply(next);
    if (!result.accepted) {
      this.takeRefusal(result.problems);
      return false;
    }
    this.traffic = next;
    this.configuration = state;
    this.#refusals = [];
    this.#updateEndpoints(next);
    return true;
  }

  #servable(): TrafficConfig | undefined {
    if (this.traffic !== undefined && this.#explained?.of !== this.traffic) {
      this.#explained = { of: this.traffic, servable: servablePart(this.traffic) };
    }
    return this.#explained?.servable;
  }

  /** Says of instances that are only kept that they are. */
  #annotate(view: ClusterView, { clusters }: TrafficConfig): ClusterView {
    const source = clusters.find(({ id }) => id === view.id)?.endpoints;
    if (source?.kind !== 'discovered') return view;
    const service = source.service.toLowerCase();
    const notes = new Map(
      this.directory.kept.flatMap(({ instance, reason }) =>
        instance.service === service ? [[instance.id, reason] as const] : [],
      ),
    );
    const endpoints = view.endpoints.map((endpoint) => {
      const note = notes.get(endpoint.id);
      return note === undefined ? endpoint : { ...endpoint, note };
    });
    return { ...view, endpoints };
  }

  #updateEndpoints(traffic: TrafficConfig, services?: ReadonlySet<string>): void {
    for (const set of this.directory.endpointSets(traffic, services)) this.#plane.updateEndpoints(set);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
