import { DataPlane, type PlaneListener } from '#dataplane';
import type { TrafficPlane } from './traffic-plane.ts';

/** The data plane of this process. `reusePort` where several processes share the port. */
export async function loadTrafficPlane(reusePort = false): Promise<TrafficPlane> {
  const plane = new DataPlane();
  let listener: PlaneListener | undefined;
  return {
    get inFlight() {
      return plane.inFlight;
    },
    async listen(options) {
      listener = await plane.listen({ ...options, reusePort });
      return listener.port;
    },
    renew: (identities) => listener?.renew(identities),
    apply: async (config) => plane.apply(config),
    updateEndpoints: (set) => plane.updateEndpoints(set),
    view: async () => plane.view(),
    drain: (deadlineMs) => plane.drain(deadlineMs),
    close: () => plane.close(),
  };
}
