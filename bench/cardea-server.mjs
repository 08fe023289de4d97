/** A gateway alone, as `cardea gateway` runs it, with its routes from a folder instead of a config server. */
import { once } from 'node:events';
import { startGateway } from '../dist/apps/gateway/src/gateway.app.js';
import { readGatewaySettings } from '../dist/apps/gateway/src/settings-table.js';
import { followFolder } from '../dist/apps/cardea/src/config-folder.js';

const [folder, ...parameters] = process.argv.slice(2);
const settings = readGatewaySettings(parameters);
const gateway = await startGateway(settings, { followConfiguration: followFolder(folder, 'gateway', []) });
await once(process, 'SIGTERM');
await gateway.drain(1000);
await gateway.close();
// V8's profiler writes at an orderly exit only.
process.exit(0);
