import type { FactoryTable } from '../route-draft.ts';
import { unsupported } from '../unsupported.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { limits } from './limits.ts';
import { requestHeaders } from './request-headers.ts';
import { response } from './response.ts';
import { retry } from './retry.ts';
import { target } from './target.ts';

/** Filter factories by name. */
export const filters: FactoryTable = {
  ...requestHeaders,
  ...target,
  ...response,
  ...limits,
  ...retry,
  ...circuitBreaker,
  FallbackHeaders: unsupported('warning', 'remove it; the fallback gets the request without those headers'),
  SaveSession: unsupported('warning', 'remove it; the gateway keeps no sessions'),
  CacheRequestBody: unsupported('warning', 'remove it; nothing here reads a cached body'),
  LocalResponseCache: unsupported('warning', 'remove it; answers are not cached'),
  TokenRelay: unsupported('error', 'let clients send the token themselves'),
  ModifyRequestBody: unsupported('error', 'change the body in the service'),
  ModifyResponseBody: unsupported('error', 'change the body in the service'),
  RemoveJsonAttributesResponseBody: unsupported('error', 'remove the attributes in the service'),
  JsonToGrpc: unsupported('error', 'serve JSON from the service'),
};
