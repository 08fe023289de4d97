import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500', 500],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2 m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['-1s', -1000],
    ['250us', 0.25],
    ['PT1.5S', 1500],
    ['P1DT2H', 93_600_000],
    ['-PT1M', -60_000],
    ['pt5s', 5000],
  ])('reads %s as %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it('gives a bare number the unit that the setting has', () => {
    expect(parseDuration('3', 's')).toBe(3000);
  });

  it.each(['', 'P', 'PT', 'soon', '5 parsecs', '1s1s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
