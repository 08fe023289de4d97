/** One thing wrong with a request, and what to do about it. */
export interface FieldFault {
  /** JSON path of the field, or the name of a query parameter; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly remedy: string;
  readonly errors?: readonly FieldFault[];
}

/** Thrown by the API's rules, written by the app's error filter as `application/problem+json`. */
export class ApiFault extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail);
    this.name = 'ApiFault';
    this.document = document;
  }
}

export function invalidRequest(errors: readonly FieldFault[]): ApiFault {
  return new ApiFault({
    type: 'urn:cardea:problem:invalid-request',
    title: 'The request is not valid',
    status: 400,
    detail: errors.map(({ message }) => message).join('; '),
    remedy: errors.map(({ remedy }) => remedy).join('; '),
    errors,
  });
}

export function unknownInstance(service: string, id: string): ApiFault {
  return new ApiFault({
    type: 'urn:cardea:problem:unknown-instance',
    title: 'There is no such instance',
    status: 404,
    detail: `no instance "${id}" of service "${service}" is registered, or its ttl has run out`,
    remedy: `register it (again): POST /api/v1/services/${encodeURIComponent(service)}/instances`,
  });
}

/** For what the API did not see coming: unknown paths, wrong methods, failures of ours. */
export function problemForStatus(status: number, method: string, path: string): ProblemDocument {
  if (status === 404) {
    return {
      type: 'about:blank',
      title: 'Not Found',
      status,
      detail: `${method} ${path} leads nowhere`,
      remedy: 'see docs/guides/registry-api.md for what there is, and check the method',
    };
  }
  const ours = status >= 500;
  return {
    type: 'about:blank',
    title: ours ? 'The registry failed' : 'The request cannot be served',
    status,
    detail: `${method} ${path} was answered with ${status}`,
    remedy: ours ? 'try again; the log of the registry tells what happened' : 'check headers and size of the request',
  };
}
