import { ManualClock } from '#testing';
import { followIndex, nextIndex } from './blocking-query.ts';

it.each([
  [0, 7, 7],
  [7, 8, 8],
  [7, 7, 7],
  [7, 6, 0],
  [7, 0, 0],
  [0, 0, 1],
])('waits, after index %d and the answer %d, beyond %d', (before, answered, next) => {
  expect(nextIndex(before, answered)).toBe(next);
});

it('asks ten times a second at most, however often the index moves, and tells changes only', async () => {
  const clock = new ManualClock();
  const end = new AbortController();
  const asked: number[] = [];
  const told: string[] = [];
  const answers = [8, 8, 9];
  const ask = (index: number) => {
    asked.push(index);
    const next = answers.shift();
    return next === undefined
      ? new Promise<never>(() => undefined)
      : Promise.resolve({ index: next, value: `at ${next}` });
  };
  const followed = followIndex(ask, 7, (value) => told.push(value), clock, end.signal);
  for (let count = 1; count <= 4; count++) {
    await new Promise(setImmediate);
    expect(asked).toHaveLength(count);
    clock.advance(99);
    await new Promise(setImmediate);
    expect(asked).toHaveLength(count);
    clock.advance(1);
  }
  expect(asked).toEqual([7, 8, 8, 9]);
  expect(told).toEqual(['at 8', 'at 9']);
  end.abort(new Error('enough'));
  answers.push(10);
  const again = followIndex(ask, 7, (value) => told.push(value), clock, end.signal);
  await expect(again).rejects.toThrow('enough');
  expect(told).toHaveLength(2);
  void followed;
});

it('ends a pause when it is told to', async () => {
  const clock = new ManualClock();
  const end = new AbortController();
  const followed = followIndex(
    () => Promise.resolve({ index: 8, value: '' }),
    7,
    () => undefined,
    clock,
    end.signal,
  );
  await new Promise(setImmediate);
  expect(clock.pending).toBe(1);
  end.abort(new Error('enough'));
  await expect(followed).rejects.toThrow('enough');
  expect(clock.pending).toBe(0);
});
