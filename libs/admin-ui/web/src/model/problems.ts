import type { Problem, RoutesView } from './wire.ts';

/** All problems of the configuration in effect, those of single routes included; errors first. */
export function problemsOf(view: RoutesView | undefined): Problem[] {
  if (!view) return [];
  const seen = new Set<string>();
  return [
    ...(view.problems ?? []),
    ...view.routes.flatMap((route) => (route.problems ?? []).map((problem) => ({ subject: route.id, ...problem }))),
  ]
    .filter((problem) => {
      const key = JSON.stringify([problem.code, problem.message, problem.location]);
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}
