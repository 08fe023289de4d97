import { useEffect, useState } from 'preact/hooks';
import { Store } from './store.ts';

/** Clocks closer than this count as equal: the transport itself takes some of it. */
const TOLERANCE_MS = 2000;
const offsets: number[] = [];

/** Learns how far the server's clock is from the browser's; leases are counted by the server's. */
export function observeServerTime(at: number, now = Date.now()): void {
  offsets.push(at - now);
  if (offsets.length > 10) offsets.shift();
}

/** Now, by the server's clock. Delay on the way only makes an offset smaller, so the largest is the best. */
export function serverNow(now = Date.now()): number {
  const offset = offsets.length === 0 ? 0 : Math.max(...offsets);
  return Math.abs(offset) < TOLERANCE_MS ? now : now + offset;
}

const tick = new Store(0);
let timer: ReturnType<typeof setInterval> | undefined;

/** Renders the component twice a second, together with all others that count time. */
export function useTick(): void {
  const [, render] = useState(0);
  useEffect(() => {
    const leave = tick.subscribe(() => render(tick.get()));
    timer ??= setInterval(() => tick.set(tick.get() + 1), 500);
    return () => {
      leave();
      if (tick.hasReaders) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
}

export function useServerNow(): number {
  useTick();
  return serverNow();
}
