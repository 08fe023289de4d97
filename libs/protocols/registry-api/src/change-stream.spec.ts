import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { LeaseRegistry } from '#registry';
import { instanceInfo, ManualClock } from '#testing';
import { ChangeStream } from './change-stream.ts';
import { EventParser, type ServerSentEvent } from '#event-stream';

interface Told {
  readonly events: { event: string; id: string; ids: string[] }[];
  readonly output: PassThrough;
}

let clock: ManualClock;
let registry: LeaseRegistry;
let stream: ChangeStream;

beforeEach(() => {
  clock = new ManualClock();
  registry = new LeaseRegistry(clock);
  stream = new ChangeStream(registry, clock);
});
afterEach(() => stream.close());

interface Data {
  readonly instances?: readonly { readonly id: string }[];
  readonly changes?: readonly { readonly type: string; readonly instance: { readonly id: string } }[];
}

const summary = ({ event, id, data }: ServerSentEvent): Told['events'][number] => {
  const { instances = [], changes = [] }: Data = JSON.parse(data);
  return {
    event,
    id,
    ids: [...instances.map((one) => one.id), ...changes.map((one) => `${one.type} ${one.instance.id}`)],
  };
};

function follow(options?: Parameters<ChangeStream['open']>[1]): Told {
  const told: Told = { events: [], output: new PassThrough() };
  const parser = new EventParser((event) => told.events.push(summary(event)));
  told.output.on('data', (chunk: Buffer) => parser.push(chunk.toString()));
  stream.open(told.output, options);
  return told;
}

it('begins with everything and goes on with changes, those of one turn together', async () => {
  registry.register(instanceInfo({ id: 'a' }));
  const { events } = follow();
  registry.register(instanceInfo({ id: 'b' }));
  registry.cancel('ORDERS', 'a');
  await turn();
  await turn();
  const { index } = registry.changes;
  expect(events).toEqual([
    { event: 'snapshot', id: String(index - 2), ids: ['a'] },
    { event: 'change', id: String(index), ids: ['added b', 'removed a'] },
  ]);
});

it('says nothing of renewals', async () => {
  registry.register(instanceInfo());
  const { events } = follow();
  registry.renew('ORDERS', 'orders-1');
  await turn();
  await turn();
  expect(events).toHaveLength(1);
});

it('tells only of the services asked for', async () => {
  registry.register(instanceInfo({ id: 'x', app: 'OTHER' }));
  const { events } = follow({ services: new Set(['ORDERS']) });
  registry.register(instanceInfo({ id: 'y', app: 'OTHER' }));
  await turn();
  registry.register(instanceInfo({ id: 'a' }));
  await turn();
  await turn();
  expect(events.map(({ ids }) => ids)).toEqual([[], ['added a']]);
});

it('resumes where a client was, and starts anew for one of another life', async () => {
  registry.register(instanceInfo({ id: 'a' }));
  const last = registry.changes.index;
  registry.register(instanceInfo({ id: 'b' }));
  const resumed = follow({ lastIndex: last });
  const foreign = follow({ lastIndex: 42 });
  const current = follow({ lastIndex: registry.changes.index });
  await turn();
  expect(resumed.events).toMatchObject([{ event: 'change', ids: ['added b'] }]);
  expect(foreign.events).toMatchObject([{ event: 'snapshot', ids: ['a', 'b'] }]);
  expect(current.events).toEqual([]);
});

it('shows a change as it was, not as it is by now', async () => {
  const { events } = follow();
  registry.register(instanceInfo());
  registry.setStatus('ORDERS', 'orders-1', 'DOWN');
  await turn();
  await turn();
  expect(events[1]?.ids).toEqual(['added orders-1', 'modified orders-1']);
});

it('keeps the memory of a client that does not read bounded, and brings it up to date when it does', async () => {
  const waiting: (() => void)[] = [];
  const texts: string[] = [];
  const slow = new Writable({
    highWaterMark: 16,
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      waiting.push(done);
    },
  });
  stream.open(slow);
  for (let i = 0; i < 50; i++) {
    registry.register(instanceInfo({ id: `n${i}`, metadata: { text: 'x'.repeat(100_000) } }));
    await turn();
    await turn();
  }
  expect(slow.writableLength).toBeLessThan(1_400_000);
  while (waiting.length > 0) {
    waiting.shift()?.();
    await turn();
  }
  const told = texts.join('');
  for (let i = 0; i < 50; i++) expect(told).toContain(`"id":"n${i}"`);
});

it('writes a comment every 15 seconds, and forgets clients that left', () => {
  const { output } = follow();
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  clock.advance(15_000);
  expect(output.writableLength + chunks.length).toBeGreaterThan(0);
  expect(stream.clients).toBe(1);
  output.emit('close');
  expect(stream.clients).toBe(0);
});

it('ends all streams when it closes, and leaves no timer', async () => {
  const { output } = follow();
  stream.close();
  registry.register(instanceInfo());
  await turn();
  expect(output.writableEnded).toBe(true);
  registry.close();
  expect(clock.pending).toBe(0);
});
