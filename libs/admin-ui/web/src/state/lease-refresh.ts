import type { Entry } from '../model/instance-set.ts';
import { planRefresh } from '../model/lease-refresh.ts';
import type { InstanceView } from '../model/wire.ts';
import { serverNow } from './clock.ts';
import { instances, showInstances } from './registry.ts';

const EVERY_MS = 1000;

/** Keeps the lease clocks of what is on the screen true. */
export class LeaseRefresh {
  #visible: readonly Entry[] = [];
  readonly #asked = new Map<string, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #busy = false;

  start(): () => void {
    this.#timer = setInterval(() => void this.#refresh(), EVERY_MS);
    return () => clearInterval(this.#timer);
  }

  watch(visible: readonly Entry[]): void {
    this.#visible = visible;
  }

  async #refresh(): Promise<void> {
    if (this.#busy || document.visibilityState !== 'visible') return;
    const now = serverNow();
    const plan = planRefresh(this.#visible, now, this.#asked, (service) => instances.sizeOf(service));
    this.#busy = true;
    try {
      const answers = await Promise.all([
        ...plan.services.map((service) => this.#read(`services/${encodeURIComponent(service)}`)),
        ...plan.instances.map(({ view }) =>
          this.#read(`services/${encodeURIComponent(view.service)}/instances/${encodeURIComponent(view.id)}`),
        ),
      ]);
      if (answers.length === 0) return;
      const asked = new Set(plan.services);
      for (const entry of this.#visible) if (asked.has(entry.view.service)) this.#asked.set(entry.key, now);
      for (const entry of plan.instances) this.#asked.set(entry.key, now);
      if (instances.renew(answers.flat())) showInstances();
    } finally {
      this.#busy = false;
    }
  }

  /** What cannot be read now is read the next time; the change stream tells when the registry is gone. */
  async #read(path: string): Promise<readonly InstanceView[]> {
    try {
      const response = await fetch(`registry/api/v1/${path}`);
      if (!response.ok) return [];
      const answer: InstanceView | { readonly instances: readonly InstanceView[] } = await response.json();
      return 'instances' in answer ? answer.instances : [answer];
    } catch {
      return [];
    }
  }
}
