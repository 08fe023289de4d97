import { route } from '#traffic';
import { compileProblem } from './check-route.ts';

describe('compileProblem', () => {
  it('has nothing to say about a sound route', () => {
    expect(
      compileProblem(route({ id: 'a', filters: [{ kind: 'rewrite-path', regex: '(a)', replacement: '$1' }] })),
    ).toBe(undefined);
  });

  it('tells what only the compilers know, and where', () => {
    const location = { file: 'gateway.yml', line: 3 };
    const filters = [{ kind: 'rewrite-path', regex: 'a', replacement: '$1' } as const];
    expect(compileProblem(route({ id: 'a', filters, location }))).toEqual({
      severity: 'error',
      code: 'bad-replacement',
      message: 'the replacement "$1" has a "$" that names no group of the expression',
      remedy: 'use $1 or ${name} for groups of the expression, and \\$ for a dollar sign',
      subject: 'a',
      location,
    });
    const match = { paths: [{ kind: 'regex', value: '(' } as const] };
    expect(compileProblem(route({ id: 'b', match }))).toMatchObject({ code: 'bad-regex', subject: 'b' });
  });
});
