import { formatLocation, type SourceLocation } from './source-location.ts';

/** `error`: the thing concerned is not in effect. `warning`: in effect, but probably not as meant. */
export type Severity = 'error' | 'warning';

/** Something wrong with what a user wrote. Collected and shown, never thrown away. */
export interface Problem {
  readonly severity: Severity;
  /** Stable, kebab-case: `unknown-filter`. Users search for it. */
  readonly code: string;
  /** What is wrong, one sentence without the location. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly location?: SourceLocation;
  /** The route, cluster, key or file concerned. */
  readonly subject?: string;
}

/** One line: `config-repo/gateway.yml:12:5: unknown filter "StripPrefx", did you mean "StripPrefix"?` */
export function formatProblem(problem: Problem): string {
  const where = problem.location === undefined ? '' : `${formatLocation(problem.location)}: `;
  const remedy = problem.remedy === undefined ? '' : `; ${problem.remedy}`;
  return `${where}${problem.message}${remedy}`;
}
