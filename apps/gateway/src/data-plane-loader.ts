import type { TrafficPlane } from './traffic-plane.ts';

/** Loads the data plane of this process, if this build has one. */
export async function loadTrafficPlane(): Promise<TrafficPlane> {
  return missingPlane();
}

/** Refuses every configuration visibly. */
function missingPlane(): TrafficPlane {
  const problem = {
    severity: 'error',
    code: 'no-data-plane',
    message: 'this build has no data plane',
    remedy: 'build a revision that has libs/dataplane/src/data-plane.ts',
  } as const;
  return {
    missing: true,
    inFlight: 0,
    listen: async ({ port }) => port,
    apply: async () => ({ accepted: false, problems: [problem] }),
    updateEndpoints: () => undefined,
    drain: async () => undefined,
    close: async () => undefined,
  };
}
