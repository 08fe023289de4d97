import { PeakEwma } from './peak-ewma.ts';

const FADED = Math.exp(-1);

describe('PeakEwma', () => {
  it('starts at 30 ms and fades by e every ten seconds', () => {
    const latency = new PeakEwma(0);
    expect(latency.at(0)).toBe(30);
    expect(latency.at(10_000)).toBeCloseTo(30 * FADED, 9);
  });

  it('takes a peak at once', () => {
    const latency = new PeakEwma(0);
    latency.record(500, 1);
    expect(latency.at(1)).toBe(500);
  });

  it('mixes a lower sample in by its age', () => {
    const latency = new PeakEwma(0);
    latency.record(10, 10_000);
    expect(latency.at(10_000)).toBeCloseTo(10 * (1 - FADED) + 30 * FADED, 9);
  });

  it('drops a sample that is not newer', () => {
    const latency = new PeakEwma(5);
    latency.record(900, 5);
    latency.record(900, 4);
    expect(latency.at(5)).toBe(30);
  });
});
