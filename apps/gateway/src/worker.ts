/** Entry of a worker process: a data plane, the sums of its requests and its share of the access log, nothing else. */
import { startAccessLog } from './access-log.ts';
import { loadTrafficPlane } from './data-plane-loader.ts';
import { runWorker } from './run-worker.ts';

// The gateway decides when its workers stop; a Ctrl-C reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
const [accessLog = 'off', accessLogFormat = 'json'] = process.argv.slice(2);
const stopAccessLog = startAccessLog({ accessLog, accessLogFormat });
runWorker(await loadTrafficPlane(true), process, () => void stopAccessLog().finally(() => process.exit(0)));
