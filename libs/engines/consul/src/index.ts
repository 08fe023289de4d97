export { watchConsul, type WatchConsulOptions } from './watch-consul.ts';
