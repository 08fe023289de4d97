import type { FactoryTable } from '../route-draft.ts';
import { unsupported } from '../unsupported.ts';
import { circumstances } from './circumstances.ts';
import { pathAndHost } from './path-and-host.ts';
import { requestParts } from './request-parts.ts';

const another = 'express the condition by another predicate';

/** Predicate factories by name. */
export const predicates: FactoryTable = {
  ...pathAndHost,
  ...requestParts,
  ...circumstances,
  Version: unsupported('error', another),
  ReadBody: unsupported('error', another),
  CloudFoundryRouteService: unsupported('error', another),
};
