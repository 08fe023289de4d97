import { CardeaError, type Problem } from '#kernel';
import type { Route } from '#traffic';
import { compileRouter } from '../match/index.ts';
import { compileFilters } from './compile-filter.ts';

/**
 * Why a route cannot be compiled; undefined when it can. Beyond `checkTrafficConfig` it finds what only the compilers
 * know, such as a replacement that names a group its expression lacks.
 */
export function compileProblem(route: Route): Problem | undefined {
  try {
    compileRouter([route]);
    compileFilters(route.filters, { route: route.id });
    return undefined;
  } catch (error) {
    if (!(error instanceof CardeaError)) throw error;
    return {
      severity: 'error',
      code: error.code,
      message: error.message,
      subject: route.id,
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      ...(route.location && { location: route.location }),
    };
  }
}
