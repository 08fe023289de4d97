import { JavaDouble } from '../property-source.ts';
import { javaJson, javaString } from './java-string.ts';

describe('javaString', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [1.1, '1.1'],
    [-12.5, '-12.5'],
    [0.001, '0.001'],
    [0.0123, '0.0123'],
    [0.0001, '1.0E-4'],
    [9_999_999, '9999999.0'],
    [12_345_678.9, '1.23456789E7'],
    [1e7, '1.0E7'],
    [1e300, '1.0E300'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('writes the double %d as %s', (value, expected) => {
    expect(javaString(new JavaDouble(value))).toBe(expected);
  });

  it('writes JSON with exact numbers, and as text what JSON has no number for', () => {
    expect(
      [new JavaDouble(1), 9_007_199_254_740_993n, true, 'a"', null, new JavaDouble(Number.NaN)].map(javaJson),
    ).toEqual(['1.0', '9007199254740993', 'true', '"a\\""', 'null', '"NaN"']);
  });
});
