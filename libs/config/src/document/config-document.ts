import type { Problem } from '#kernel';
import type { ProfileExpression } from '../profile/profile-expression.ts';
import type { PropertySource } from '../property-source.ts';

/** One non-empty document of a configuration file. */
export interface ConfigDocument extends PropertySource {
  readonly file: string;
  /** Counts from 0 over the file's non-empty documents. */
  readonly index: number;
  /** `spring.config.activate.on-profile`: active when any entry matches; undefined when there is no condition. */
  readonly onProfile: readonly ProfileExpression[] | undefined;
}

/** Whether a document applies when these profiles are active. */
export function isActive({ onProfile }: ConfigDocument, profiles: ReadonlySet<string>): boolean {
  return onProfile?.some((expression) => expression.matches(profiles)) !== false;
}

/** What a file holds. A file with an error has no documents: half a file is never in effect. */
export interface ParsedFile {
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}
