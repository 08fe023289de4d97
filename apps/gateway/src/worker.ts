/** Entry of a worker process: a data plane and the sums of its requests, nothing else. */
import { loadTrafficPlane } from './data-plane-loader.ts';
import { runWorker } from './run-worker.ts';

// The gateway decides when its workers stop; a Ctrl-C reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
runWorker(await loadTrafficPlane(), process, () => process.exit(0));
