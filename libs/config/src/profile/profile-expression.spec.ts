import { ProfileExpression } from './profile-expression.ts';

describe('ProfileExpression', () => {
  it.each([
    ['eu', ['eu'], true],
    ['eu', ['us'], false],
    ['!eu', ['us'], true],
    ['us & prod', ['prod', 'us'], true],
    ['us & prod', ['us'], false],
    ['us | prod', ['prod'], true],
    ['(us | eu) & !test', ['eu'], true],
    ['(us | eu) & !test', ['eu', 'test'], false],
    ['!(us | eu)', ['eu'], false],
  ])('%s of %j is %s', (text, profiles, expected) => {
    expect(ProfileExpression.parse(text).matches(new Set(profiles))).toBe(expected);
  });

  it.each(['', 'a & b | c', '(a', 'a)', '&', 'a &', '!', '()'])('refuses %j', (text) => {
    expect(() => ProfileExpression.parse(text)).toThrow('malformed profile expression');
  });
});
