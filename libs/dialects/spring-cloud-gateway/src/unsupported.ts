import type { Severity } from '#kernel';
import type { Factory } from './route-draft.ts';

/** A factory of the original that Cardea does not have: an error where leaving it out would change who gets what. */
export function unsupported(severity: Severity, remedy: string): Factory {
  return {
    shape: { shortcut: [] },
    translate: (args) => {
      args.report({ severity, code: 'unsupported', message: `${args.path} is not supported`, remedy });
    },
  };
}
