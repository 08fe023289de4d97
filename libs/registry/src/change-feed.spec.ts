import { instanceInfo, ManualClock } from '#testing';
import { ChangeFeed } from './change-feed.ts';
import { DeltaLog } from './delta-log.ts';
import { weightOf, zoneOf } from './instance-info.ts';
import { Lease } from './lease.ts';

const clock = new ManualClock();
const lease = (id: string): Lease => new Lease(instanceInfo({ id }), { durationMs: 1_000, expiryFactor: 1 }, clock);

describe('ChangeFeed', () => {
  it('answers what came after an index', () => {
    const feed = new ChangeFeed(100, 10);
    for (const id of ['a', 'b', 'c']) feed.append('added', 'registered', lease(id));
    expect(feed.since(101)?.map(({ info }) => info.id)).toEqual(['b', 'c']);
    expect(feed.since(103)).toEqual([]);
    expect(feed.since(100)).toHaveLength(3);
  });

  it('says that it does not know rather than leave something out', () => {
    const feed = new ChangeFeed(100, 2);
    for (let i = 0; i < 20; i++) feed.append('added', 'registered', lease(`n${i}`));
    expect(feed.since(100)).toBeUndefined();
    expect(feed.since(118)).toHaveLength(2);
    expect(feed.since(121)).toBeUndefined();
    expect(new ChangeFeed(100, 2).since(7)).toBeUndefined();
  });

  it('tells listeners until they leave', () => {
    const feed = new ChangeFeed(0, 2);
    const heard: string[] = [];
    const leave = feed.subscribe(({ info }) => heard.push(info.id));
    feed.append('added', 'registered', lease('a'));
    leave();
    feed.append('added', 'registered', lease('b'));
    expect(heard).toEqual(['a']);
  });
});

describe('DeltaLog', () => {
  it('shows each instance once, last changed last, and forgets after its retention', () => {
    const log = new DeltaLog(clock, 180_000);
    const [a, b] = [lease('a'), lease('b')];
    log.append(a);
    log.append(b);
    clock.advance(100_000);
    log.append(a);
    expect(log.leases()).toEqual([b, a]);
    const before = log.revision;
    clock.advance(80_001);
    expect(log.leases()).toEqual([a]);
    expect(log.revision).not.toBe(before);
    clock.advance(180_001);
    expect(log.leases()).toEqual([]);
  });

  it('gives back the memory of what it forgot', () => {
    const log = new DeltaLog(clock, 1_000);
    for (let i = 0; i < 5_000; i++) {
      log.append(lease(`n${i}`));
      clock.advance(1);
    }
    expect(log.leases().length).toBeLessThanOrEqual(1_001);
  });
});

describe('weight and zone', () => {
  it.each([
    ['2', 2],
    ['0', 0],
    ['0.5', 0.5],
    ['-1', 1],
    ['heavy', 1],
    ['', 1],
  ])('reads a weight of %j as %d', (weight, expected) => {
    expect(weightOf(instanceInfo({ metadata: { weight } }))).toBe(expected);
  });

  it('is 1 without one', () => {
    expect(weightOf(instanceInfo())).toBe(1);
  });

  it('takes the zone from the metadata, else from Amazon', () => {
    const dataCenter = { name: 'Amazon', metadata: { 'availability-zone': 'us-east-1a' } } as const;
    expect(zoneOf(instanceInfo({ dataCenter }))).toBe('us-east-1a');
    expect(zoneOf(instanceInfo({ dataCenter, metadata: { zone: 'z' } }))).toBe('z');
    expect(zoneOf(instanceInfo())).toBeUndefined();
  });
});
