export { compileAddressBlocks } from './address-blocks.ts';
export type { Explanation, MatchInput, PredicateCheck, RouteExplanation, RouteMatch, Router } from './match-input.ts';
export { compileRouter, type RouterOptions } from './router.ts';
