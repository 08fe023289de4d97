import { CardeaError } from './cardea-error.ts';

describe('CardeaError', () => {
  it('carries who caused it and what can be done; retrying is off unless said', () => {
    const cause = new Error('refused');
    const error = new CardeaError('connect-failed', 'no connection', { source: 'upstream', cause, remedy: 'start it' });
    expect(error).toMatchObject({
      name: 'CardeaError',
      code: 'connect-failed',
      source: 'upstream',
      retry: 'no',
      remedy: 'start it',
      cause,
    });
    expect('cause' in new CardeaError('c', 'm', { source: 'internal', retry: 'if-reused' })).toBe(false);
  });
});
