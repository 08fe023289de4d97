/** Preloaded by `NODE_OPTIONS=--import`: on SIGUSR2 the process prints, on one line, what it has loaded so far. */
import { registerHooks } from 'node:module';

const files = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) files.push(url);
    return next(url, context);
  },
});
process.on('SIGUSR2', () => {
  const builtins = process.moduleLoadList.map((entry) => entry.split(' ').at(-1));
  process.stdout.write(`loaded ${process.pid} ${JSON.stringify({ files, builtins })}\n`);
});
