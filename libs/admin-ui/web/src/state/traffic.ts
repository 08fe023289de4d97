import { remember, type Traffic } from '../model/traffic-history.ts';
import type { Second } from '../model/wire.ts';
import { observeServerTime } from './clock.ts';
import { EventStream } from './event-stream.ts';
import { Store } from './store.ts';

export const traffic = new Store<Traffic>({ history: [] });

export const trafficStream = new EventStream(
  'gateway',
  'api/v1/gateway/live',
  {
    second: (text) => {
      const second: Second = JSON.parse(text);
      observeServerTime(second.at);
      traffic.set(remember(traffic.get(), second));
    },
  },
  10_000,
);
