import { CardeaError } from '#kernel';
import { cluster } from '#traffic';
import type { Exchange } from '../exchange.ts';
import { ClusterRuntime } from './cluster-runtime.ts';

/** Targets that only a request names (`set-uri`, `uri-from-header`) are many at most; the oldest are let go. */
const MAX_CLUSTERS = 256;

/** Clusters of one address each, made when a filter sends a request to an absolute URI. */
export class AdHocClusters {
  readonly #clusters = new Map<string, ClusterRuntime>();

  /** The cluster of `exchange.upstreamUri`; path and query of the URI become the request's. */
  of(exchange: Exchange): ClusterRuntime {
    const uri = URL.parse(exchange.upstreamUri ?? '');
    if (!uri || (uri.protocol !== 'http:' && uri.protocol !== 'https:')) {
      throw new CardeaError('bad-upstream-uri', 'a filter gave an address that is not an http URI', {
        source: 'internal',
      });
    }
    exchange.path = uri.pathname;
    exchange.query = uri.search === '' ? undefined : uri.search.slice(1);
    const known = this.#clusters.get(uri.origin);
    if (known) return known;
    const secure = uri.protocol === 'https:';
    const port = Number(uri.port || (secure ? 443 : 80));
    const host = uri.hostname.replaceAll(/^\[|\]$/g, '');
    const runtime = new ClusterRuntime(
      cluster({
        id: uri.origin,
        endpoints: { kind: 'static', endpoints: [{ id: `${host}:${port}`, host, port, weight: 1, secure }] },
      }),
    );
    this.#clusters.set(uri.origin, runtime);
    if (this.#clusters.size > MAX_CLUSTERS) this.#dropOldest();
    return runtime;
  }

  sweep(now: number): void {
    for (const runtime of this.#clusters.values()) runtime.sweep(now);
  }

  close(): void {
    for (const runtime of this.#clusters.values()) runtime.destroy();
    this.#clusters.clear();
  }

  #dropOldest(): void {
    for (const [origin, runtime] of this.#clusters) {
      runtime.retire();
      this.#clusters.delete(origin);
      return;
    }
  }
}
