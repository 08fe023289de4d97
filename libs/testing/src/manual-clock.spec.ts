import { ManualClock } from './manual-clock.ts';

describe('ManualClock', () => {
  it('runs timers at their own time, those scheduled meanwhile included', () => {
    const clock = new ManualClock(0);
    const seen: string[] = [];
    clock.schedule(20, () => seen.push(`b@${clock.monotonic()}`));
    clock.schedule(10, () => {
      seen.push(`a@${clock.monotonic()}`);
      clock.schedule(5, () => seen.push(`c@${clock.monotonic()}`));
    });
    clock.advance(30);
    expect(seen).toEqual(['a@10', 'c@15', 'b@20']);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(0);
  });

  it('jumps the wall clock alone', () => {
    const clock = new ManualClock(1000);
    clock.jump(-400);
    expect([clock.now(), clock.monotonic()]).toEqual([600, 0]);
  });
});
