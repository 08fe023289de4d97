/** Who caused it: the caller, the service called, or Cardea itself. Decides the HTTP status. */
export type ErrorSource = 'downstream' | 'upstream' | 'internal';

/** `if-reused`: only when the connection had served before, so that the peer may have closed it unseen. */
export type Retryability = 'yes' | 'no' | 'if-reused';

export interface CardeaErrorOptions {
  readonly source: ErrorSource;
  readonly retry?: Retryability;
  readonly cause?: unknown;
  /** What the user can do about it. */
  readonly remedy?: string;
}

/** Every failure Cardea reports. Match on `code`, which is stable; the message is for people. */
export class CardeaError extends Error {
  readonly code: string;
  readonly source: ErrorSource;
  readonly retry: Retryability;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: CardeaErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CardeaError';
    this.code = code;
    this.source = options.source;
    this.retry = options.retry ?? 'no';
    this.remedy = options.remedy;
  }
}
