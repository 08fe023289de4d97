import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('runs a callback after the delay, unless it is cancelled', async () => {
    const started = systemClock.monotonic();
    await new Promise<void>((resolve, reject) => {
      const cancel = systemClock.schedule(1, () => reject(new Error('ran although cancelled')));
      cancel();
      cancel();
      systemClock.schedule(5, resolve);
    });
    // Timers may fire up to a millisecond early against the finer clock.
    expect(systemClock.monotonic() - started).toBeGreaterThanOrEqual(4);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  });
});
