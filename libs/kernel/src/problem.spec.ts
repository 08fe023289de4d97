import { formatProblem, type Problem } from './problem.ts';

const PROBLEM: Problem = { severity: 'error', code: 'unknown-filter', message: 'unknown filter "StripPrefx"' };

describe('formatProblem', () => {
  it('is one line: where, what, and what to do', () => {
    const location = { file: 'config-repo/gateway.yml', line: 12, column: 5 };
    expect(formatProblem({ ...PROBLEM, location, remedy: 'write "StripPrefix"' })).toBe(
      'config-repo/gateway.yml:12:5: unknown filter "StripPrefx"; write "StripPrefix"',
    );
  });

  it.each([
    [{ file: 'a.yml', line: 3 }, 'a.yml:3: '],
    [{ file: 'a.yml', column: 3 }, 'a.yml: '],
    [undefined, ''],
  ])('leaves out what is not known: %j', (location, expected) => {
    expect(formatProblem({ ...PROBLEM, ...(location && { location }) })).toBe(`${expected}${PROBLEM.message}`);
  });
});
