import type { RouteAction } from '#traffic';

/** Internal forwards and fallbacks may follow one another this often. */
export const MAX_HOPS = 4;

/** The path that the upstream gets. */
export function upstreamPath(action: Extract<RouteAction, { kind: 'forward' }>, path: string): string {
  const whole = action.basePath === undefined ? path : `${action.basePath.replace(/\/$/, '')}${path}`;
  return action.mergeSlashes === true && whole.includes('//') ? whole.replaceAll(/\/{2,}/g, '/') : whole;
}

/** The path under which a request is matched again. */
export function internalPath(action: Extract<RouteAction, { kind: 'internal' }>, path: string): string {
  return action.appendPath === true ? `${action.path}/${path}`.replaceAll(/\/+/g, '/') : action.path;
}
