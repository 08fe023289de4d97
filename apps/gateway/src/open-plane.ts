import { fileURLToPath } from 'node:url';
import type { Clock, Journal } from '#kernel';
import type { RequestWindow } from '#telemetry';
import { loadTrafficPlane } from './data-plane-loader.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { TrafficPlane } from './traffic-plane.ts';
import { WorkerPool } from './worker-pool.ts';

/** The data plane of this process, or worker processes when there shall be several. */
export async function openPlane(
  settings: GatewaySettings,
  clock: Clock,
  onWindow: (window: RequestWindow) => void,
  journal: Journal,
): Promise<TrafficPlane> {
  if (settings.workers === 1) return loadTrafficPlane();
  return new WorkerPool({
    count: settings.workers,
    entry: fileURLToPath(import.meta.resolve('./worker.js')),
    args: [settings.accessLog, settings.accessLogFormat],
    clock,
    journal,
    onWindow,
  });
}
