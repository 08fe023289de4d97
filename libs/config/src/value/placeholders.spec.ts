import { resolvePlaceholders } from './placeholders.ts';

const values: Record<string, string> = {
  n: '42',
  tier: 'base',
  which: 'tier',
  outer: '${n}',
  p: '${q}',
  q: '${p}',
  'a:b': 'colon',
};
const fill = (text: string, trimNames = false): string =>
  resolvePlaceholders(text, (name) => values[name], { trimNames });

describe('resolvePlaceholders', () => {
  it.each([
    ['${n}', '42'],
    ['x${n}y${tier}z', 'x42ybasez'],
    ['${ n }', '${ n }'],
    ['${missing}', '${missing}'],
    ['${missing:${tier}}', 'base'],
    ['${missing:}', ''],
    ['${missing:a:b}', 'a:b'],
    ['${${which}}', 'base'],
    ['${outer}', '42'],
    ['${a:b}', 'colon'],
    ['${missing${n}:d}', 'd'],
    ['\\${n}', '${n}'],
    ['\\\\${n}', '${n}'],
    ['${n', '${n'],
    ['${missing} then ${n}', '${missing} then 42'],
  ])('%s gives %s', (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  it('trims names when told', () => {
    expect(fill('${ n }', true)).toBe('42');
  });

  it('names the circle', () => {
    expect(() => fill('${p}')).toThrow('circular placeholder "${p}"');
  });
});
