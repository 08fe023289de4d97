import { compileRegex, MAX_REGEX_INPUT } from '../match/bounded-regex.ts';
import type { FilterCompiler } from './filter-compiler.ts';
import { configuredHeaderText } from './template.ts';

/** A path that carries a version, as Spring's filter tells it. */
const VERSIONED_PATH = /^\/v\d+\/.*/;

/**
 * Puts the gateway's host into the Location of an answer. Only absolute URLs of the given protocols that have a path are
 * changed; `/v1` after the host goes too where `stripVersion` says so.
 */
export const rewriteLocation: FilterCompiler<'rewrite-location'> = (filter) => {
  const lowerName = filter.header.toLowerCase();
  const ownHost = filter.host === undefined ? undefined : configuredHeaderText(filter.host);
  const authority = String.raw`(?<=^(?:${filter.protocols})://)[^:/]+(?::\d+)?`;
  const plain = compileRegex(`${authority}(?=/)`, '', filter.protocols);
  const stripping = compileRegex(String.raw`${authority}(?:/v\d+)?(?=/)`, '', filter.protocols);
  return {
    kind: filter.kind,
    onResponse: ({ headers }, request) => {
      const location = headers.get(lowerName);
      const host = ownHost ?? request.authority;
      if (location === undefined || location.length > MAX_REGEX_INPUT || host === '') return;
      const strip =
        filter.stripVersion === 'always' ||
        (filter.stripVersion === 'as-in-request' && !VERSIONED_PATH.test(request.originalPath));
      const rewritten = location.replace(strip ? stripping : plain, () => host);
      if (rewritten !== location) headers.set(filter.header, rewritten);
    },
  };
};
