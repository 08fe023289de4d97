import { breakerChanged, endpointEjected } from '#dataplane';
import { Journal, type JournalEntry } from '#kernel';
import { ManualClock } from '#testing';
import { recordDrain, recordPlane } from './plane-journal.ts';

let told: JournalEntry[];
let journal: Journal;
beforeEach(() => {
  told = [];
  journal = new Journal((entry) => told.push(entry));
});
const lines = () => told.splice(0).map(({ level, event, message }) => `${level} ${event}: ${message}`);

it('tells of breakers and endpoints for as long as it is told to', () => {
  const stop = recordPlane(journal);
  for (const [from, to] of [
    ['closed', 'open'],
    ['open', 'half-open'],
    ['half-open', 'closed'],
  ])
    breakerChanged.publish({ breaker: 'orders', from, to });
  endpointEjected.publish({ cluster: 'orders', endpoint: 'a', ejected: true, reason: '5 consecutive failures' });
  endpointEjected.publish({ cluster: 'orders', endpoint: 'a', ejected: false, reason: 'ejection time is over' });
  breakerChanged.publish('something else');
  stop();
  breakerChanged.publish({ breaker: 'orders', from: 'closed', to: 'open' });
  expect(lines()).toEqual([
    'warn breaker-open: circuit breaker "orders" opened: calls are refused until it is tried again',
    'info breaker-half-open: circuit breaker "orders" is half-open: a few calls are let through to see',
    'info breaker-closed: circuit breaker "orders" closed: calls go through again',
    'warn endpoint-ejected: endpoint a of "orders" is taken out: 5 consecutive failures',
    'info endpoint-back: endpoint a of "orders" is back: ejection time is over',
  ]);
});

it.each([
  [0, 'info drain-ended: drained in 2 s: none was cut'],
  [3, 'warn drain-ended: drained in 2 s: 3 were cut'],
])('tells how a drain that cuts %d ended', async (cut, line) => {
  const clock = new ManualClock();
  const plane = {
    inFlight: 7,
    drain: async () => {
      clock.advance(2_000);
      return cut;
    },
  };
  await recordDrain(journal, clock, plane, 10_000);
  expect(lines()).toEqual(['info drain-begun: no new connections are taken; 7 requests may end within 10 s', line]);
});
