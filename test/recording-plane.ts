import type { ClusterView } from '#dataplane';
import type { ShownIdentity } from '#security';
import type { EndpointSet, TrafficConfig } from '#traffic';
import type { ApplyResult, ListenOptions, TrafficPlane } from '../apps/gateway/src/traffic-plane.ts';

/** A plane for tests: remembers what it was given, refuses what it is told to, serves nothing. */
export class RecordingPlane implements TrafficPlane {
  readonly applied: TrafficConfig[] = [];
  readonly endpoints = new Map<string, readonly string[]>();
  clusters: readonly ClusterView[] = [];
  refuse: string | undefined;
  drained = false;
  closed = false;
  inFlight = 0;

  listening: ListenOptions | undefined;

  async listen(options: ListenOptions): Promise<number> {
    this.listening = options;
    const { port } = options;
    if (port === 1) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
    return port;
  }

  renewed: readonly ShownIdentity[] = [];

  renew(identities: readonly ShownIdentity[]): void {
    this.renewed = identities;
  }

  async apply(config: TrafficConfig): Promise<ApplyResult> {
    if (this.refuse !== undefined) {
      return { accepted: false, problems: [{ severity: 'error', code: 'refused', message: this.refuse }] };
    }
    this.applied.push(config);
    return { accepted: true };
  }

  updateEndpoints({ cluster, endpoints }: EndpointSet): void {
    this.endpoints.set(
      cluster,
      endpoints.map(({ id }) => id),
    );
  }

  async view(): Promise<readonly ClusterView[]> {
    return this.clusters;
  }

  async drain(): Promise<number> {
    this.drained = true;
    return this.inFlight;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
