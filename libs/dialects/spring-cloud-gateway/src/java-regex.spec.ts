import { translateJavaRegex } from './java-regex.ts';

describe('Java patterns in JavaScript', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['/p02/(?<rest>.*)', ['/p02/a'], ['/p03/a']],
    ['\\d{1,3}', ['1', '123'], ['1234']],
    ['(?i)abc', ['ABC', 'abc'], ['abd']],
    ['a(?i)b', ['ab', 'aB'], ['AB']],
    ['(x(?i)y)z', ['xyz', 'xYz'], ['xYZ']],
    ['(?i:a)b', ['Ab'], ['AB']],
    ['\\Qa.b\\E+', ['a.b', 'a.bb'], ['axb']],
    ['\\p{Alpha}+', ['ab'], ['a1']],
    ['[\\p{Digit}x]+', ['1x'], ['y']],
    ['\\P{Digit}', ['x'], ['1']],
    ['\\Aa\\z', ['a'], ['b']],
    ['\\x{41}\\0101', ['AA'], ['A']],
    ['a??b', ['ab', 'b'], ['aab']],
    ['[]a]+', [']a'], ['b']],
    ['(?=ab)a.', ['ab'], ['ac']],
  ])('%s', (pattern, matching, other) => {
    const translation = translateJavaRegex(pattern);
    if (translation.kind !== 'regex') throw new Error(translation.reason);
    const whole = new RegExp(`^(?:${translation.source})$`);
    for (const text of matching) expect([text, whole.test(text)]).toEqual([text, true]);
    for (const text of other) expect([text, whole.test(text)]).toEqual([text, false]);
  });

  it.each([
    ['a*+b', 'the possessive quantifier "*+" has no equivalent'],
    ['a{2}+', 'the possessive quantifier "}+" has no equivalent'],
    ['(?>a)', 'the atomic group "(?>" has no equivalent'],
    ['[a-z&&[^b]]', '"&&" in a character class has no equivalent'],
    ['[a[b]]', 'a character class inside another has no equivalent'],
    ['(?x)a b', 'the flag "x" has no equivalent'],
    ['\\p{L}', 'the character class "\\p{L}" has no equivalent'],
    ['[\\P{Alpha}]', '"\\P{Alpha}" in a character class has no equivalent'],
    ['\\G', '"\\G" has no equivalent'],
  ])('%s is refused', (pattern, reason) => {
    expect(translateJavaRegex(pattern)).toEqual({ kind: 'inexpressible', reason });
  });

  it('refuses what is no pattern at all', () => {
    expect(translateJavaRegex('(a').kind).toBe('inexpressible');
  });
});
