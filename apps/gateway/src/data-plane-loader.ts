import { DataPlane } from '#dataplane';
import { readTlsIdentity, watchTlsFiles } from '#security';
import type { TrafficPlane } from './traffic-plane.ts';

/** The data plane of this process. `reusePort` where several processes share the port. */
export async function loadTrafficPlane(reusePort = false): Promise<TrafficPlane> {
  const plane = new DataPlane();
  const watches: { close(): void }[] = [];
  return {
    get inFlight() {
      return plane.inFlight;
    },
    async listen({ address, port, tls, maxHeaderBytes }) {
      const identity = tls && (await readTlsIdentity(tls));
      const listener = await plane.listen({
        address,
        port,
        reusePort,
        limits: { maxHeaderBytes },
        ...(identity && { tls: { cert: identity.cert, key: identity.key } }),
      });
      // A pair that does not fit together is left alone: the certificate in use stays.
      if (tls)
        watches.push(
          watchTlsFiles(
            tls,
            ({ cert, key }) => listener.renew({ cert, key }),
            () => undefined,
          ),
        );
      return listener.port;
    },
    apply: async (config) => plane.apply(config),
    updateEndpoints: (set) => plane.updateEndpoints(set),
    view: async () => plane.view(),
    drain: (deadlineMs) => plane.drain(deadlineMs),
    async close() {
      for (const watch of watches.splice(0)) watch.close();
      await plane.close();
    },
  };
}
