import { filteredRequest, type TestRequest } from '#testing';
import type { Filter } from '#traffic';
import type { LocalResponse } from '../message/filtered-message.ts';
import { compileFilters } from './compile-filter.ts';

export type Lines = [string, string][];

/** Sends a request through filters; what they made of it, or their own answer. */
export function send(filters: Filter[], target: string, overrides: Partial<TestRequest> = {}) {
  const request = filteredRequest(target, overrides);
  for (const filter of compileFilters(filters, { route: 'r' })) {
    const answer = filter.onRequest?.(request);
    if (answer) return { request, answer };
  }
  return { request, answer: undefined };
}

/** The answer that a filter gives itself. */
export function answerOf(filter: Filter, target: string, overrides: Partial<TestRequest> = {}): LocalResponse {
  const { answer } = send([filter], target, overrides);
  if (!answer) throw new Error('the request went on');
  return answer;
}
