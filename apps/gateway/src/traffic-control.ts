import type { PropertySource } from '#config';
import { type AskedRequest, type ClusterView, explainRequest, type RequestExplanation } from '#dataplane';
import { type Clock, type Journal, type Problem, silentJournal } from '#kernel';
import type { RegistryChanges, RegistrySnapshot } from '#protocols/registry-api';
import { servablePart, type TrafficConfig } from '#traffic';
import type { ConfigurationState } from './configuration-state.ts';
import { EndpointDirectory } from './endpoint-directory.ts';
import type { LastGoodFile } from './last-good.ts';
import { keepBroken } from './kept-routes.ts';
import { TrafficJournal } from './traffic-journal.ts';
import { translateTraffic } from './traffic-of.ts';
import type { TrafficPlane } from './traffic-plane.ts';

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
  readonly #tell: TrafficJournal;
  #sources: readonly PropertySource[] | undefined;
  /** What `traffic` was made of, or the last run served: last valid versions of routes are taken from it. */
  #base: TrafficConfig | undefined;
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
    journal: Journal = silentJournal,
  ) {
    this.#plane = plane;
    this.#lastGood = lastGood;
    this.#clock = clock;
    this.#name = name;
    this.#extend = extend;
    this.#tell = new TrafficJournal(journal);
    this.configuration = { commit: '', state: 'none', since: clock.now() };
    this.directory = new EndpointDirectory(clock, (services) => {
      void this.#takeInstances(() => services);
    });
  }

  /** Why something newer than `traffic` is not in effect, or what is will be forgotten. */
  get refusals(): readonly Problem[] {
    return [...this.#refusals, ...this.#unsaved];
  }

  /** Serves what was in effect when the process last ran, until something newer comes. `why`: for people. */
  useLastGood(why?: string): Promise<void> {
    return this.#enqueue(async () => {
      const saved = await this.#lastGood.read();
      if (saved === undefined || this.traffic !== undefined) return;
      const state = { commit: saved.commit, state: 'last-good', since: saved.savedAt } as const;
      await this.#apply(saved.traffic, this.#extend(saved.traffic), state, why);
    });
  }

  takeConfiguration(sources: readonly PropertySource[], commit: string): Promise<void> {
    return this.#enqueue(() => {
      this.#sources = sources;
      this.#tell.came();
      this.#commit = commit;
      return this.#translate();
    });
  }

  /** The config server refuses a newer state. In its turn: what came before may still be on its way. */
  takeRefusal(problems: readonly Problem[]): Promise<void> {
    return this.#enqueue(async () => this.#refuse(problems));
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

  /** Waits for what is under way: a stop right after an edit must not leave an older configuration on disk. */
  async close(): Promise<void> {
    this.directory.close();
    await this.#work;
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
    const { traffic: written, broken } = translateTraffic(this.#sources, this.directory.services, this.#name);
    // Without it a restart would lose what the last run kept.
    if (broken.size > 0) this.#base ??= (await this.#lastGood.read())?.traffic;
    const base = keepBroken(written, broken, this.#base);
    const next = this.#extend(base);
    const state = { commit: this.#commit, state: 'live', since: this.#clock.now() } as const;
    if (next.version === this.traffic?.version) {
      this.configuration = { ...this.configuration, commit: this.#commit, state: 'live' };
      this.#refusals = [];
      this.#tell.confirmed(next, this.configuration);
      return;
    }
    if (await this.#apply(base, next, state)) await this.#save(base, state);
  }

  /** A full disk must not take a configuration out of effect; the next start only has an older one. */
  async #save(traffic: TrafficConfig, { commit, since }: ConfigurationState): Promise<void> {
    let fault: string | undefined;
    await this.#lastGood.save({ commit, savedAt: since, traffic }).catch((error: Error) => (fault = error.message));
    const kept = this.#unsaved.length === 0;
    const message = `the configuration cannot be kept on disk: ${fault}`;
    this.#unsaved = fault === undefined ? [] : [{ severity: 'warning', code: 'last-good-not-saved', message }];
    if ((fault === undefined) !== kept) this.#tell.kept(fault);
  }

  async #apply(base: TrafficConfig, next: TrafficConfig, state: ConfigurationState, why?: string): Promise<boolean> {
    const result = await this.#plane.apply(next);
    if (!result.accepted) {
      this.#refuse(result.problems);
      return false;
    }
    this.#base = base;
    this.traffic = next;
    this.configuration = state;
    this.#refusals = [];
    this.#updateEndpoints(next);
    this.#tell.applied(next, state, why);
    return true;
  }

  #refuse(problems: readonly Problem[]): void {
    this.#refusals = problems;
    if (problems.length > 0 && this.configuration.state === 'live') {
      this.configuration = { ...this.configuration, state: 'last-good' };
    }
    if (problems.length > 0) this.#tell.refused(this.traffic, this.configuration, problems);
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
