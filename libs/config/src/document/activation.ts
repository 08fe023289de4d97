import { CardeaError, type Problem } from '#kernel';
import { ProfileExpression } from '../profile/profile-expression.ts';
import type { Property } from '../property-source.ts';
import { javaString } from '../value/java-string.ts';
import type { ConfigDocument } from './config-document.ts';

const ON_PROFILE = 'spring.config.activate.on-profile';
/** Boot accepts any spelling of a key whose dashes and case differ. */
const canonical = (key: string): string => key.replace(/[-_]/g, '').toLowerCase();
const ON_PROFILE_CANONICAL = canonical(ON_PROFILE);

/** Makes a document of flat properties, reading its activation condition. Problems go to `problems`. */
export function toDocument(
  file: string,
  index: number,
  properties: ReadonlyMap<string, Property>,
  problems: Problem[],
): ConfigDocument {
  const conditions = [...properties].filter(
    ([key]) => key.length >= ON_PROFILE.length - 1 && canonical(key.replace(/\[\d*\]$/, '')) === ON_PROFILE_CANONICAL,
  );
  const entries = conditions.flatMap(([, property]) =>
    javaString(property.value)
      .split(',')
      .map((text) => ({ text: text.trim(), property })),
  );
  const onProfile: ProfileExpression[] = [];
  for (const { text, property } of entries) {
    if (text === '') continue;
    try {
      onProfile.push(ProfileExpression.parse(text));
    } catch (error) {
      if (!(error instanceof CardeaError)) throw error;
      problems.push({
        severity: 'error',
        code: error.code,
        message: error.message,
        ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
        location: property.origin ?? { file },
        subject: ON_PROFILE,
      });
    }
  }
  const legacy = [...properties].find(([key]) => /^spring\.profiles(?:\[\d+\])?$/i.test(key));
  if (legacy !== undefined) {
    problems.push({
      severity: 'error',
      code: 'legacy-profiles',
      message: `${legacy[0]} no longer says which profiles a document is for`,
      remedy: `write ${ON_PROFILE}`,
      location: legacy[1].origin ?? { file },
      subject: 'spring.profiles',
    });
  }
  return { name: file, file, index, properties, onProfile: onProfile.length > 0 ? onProfile : undefined };
}
