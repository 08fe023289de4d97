import { createHash } from 'node:crypto';
import type { Environment } from '#config';

export interface RenderedText {
  readonly text: string;
  /** Strong validator, quotes included. */
  readonly etag: string;
}

/** Environments whose texts are kept: those of the applications that start or ask again at one time. */
const KEPT = 200;

/** Texts of environments, made once. An environment never changes: another state has another one. */
export class RenderedTexts {
  readonly #texts = new Map<Environment, Map<string, RenderedText>>();

  of(environment: Environment, form: string, render: (environment: Environment) => string): RenderedText {
    const forms = this.#texts.get(environment) ?? new Map<string, RenderedText>();
    // The one asked for last is forgotten last.
    this.#texts.delete(environment);
    this.#texts.set(environment, forms);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= KEPT) break;
      this.#texts.delete(oldest);
    }
    const known = forms.get(form);
    if (known !== undefined) return known;
    const text = render(environment);
    const rendered = { text, etag: `"${createHash('sha1').update(text).digest('base64url')}"` };
    forms.set(form, rendered);
    return rendered;
  }
}

/** Whether `If-None-Match` names what would be answered. */
export function isKnown({ etag }: RenderedText, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((entry) => ['*', etag].includes(entry.trim().replace(/^W\//, '')));
}
