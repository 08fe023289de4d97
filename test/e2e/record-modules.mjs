/** Preloaded into processes by `NODE_OPTIONS=--import`: appends every module that one loads to `$CARDEA_TEST_MODULES/PID`. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

const folder = process.env.CARDEA_TEST_MODULES;
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(join(folder, String(process.pid)), `${url}\n`);
    return nextLoad(url, context);
  },
});
