import { CardeaError, formatProblem, type Problem } from '#kernel';

/** Answers what was read, or throws with a line for each fault in it: nothing starts on half of its settings. */
export function requireSound<B extends { readonly problems: readonly Problem[] }>(bound: B): B {
  const faults = bound.problems.filter(({ severity }) => severity === 'error');
  if (faults.length === 0) return bound;
  throw new CardeaError('bad-setting', faults.map((fault) => formatProblem(fault)).join('\n'), {
    source: 'downstream',
    remedy: 'correct it and start again',
  });
}
