import { remember, type Traffic } from '../model/traffic-history.ts';
import type { Second } from '../model/wire.ts';
import { observeServerTime } from './clock.ts';
import { EventStream } from './event-stream.ts';
import { Store } from './store.ts';

export const traffic = new Store<Traffic>({ history: [] });

/** Seconds that come in a burst, after a reconnection, are shown at once and not one by one. */
const TOGETHER_MS = 30;
let seen = traffic.get();
let shown: ReturnType<typeof setTimeout> | undefined;

function show(): void {
  shown = undefined;
  traffic.set(seen);
}

export const trafficStream = new EventStream(
  'gateway',
  'api/v1/gateway/live',
  {
    second: (text) => {
      const second: Second = JSON.parse(text);
      observeServerTime(second.at);
      seen = remember(seen, second);
      shown ??= setTimeout(show, TOGETHER_MS);
    },
  },
  10_000,
);
