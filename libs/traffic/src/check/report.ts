import type { Problem, Severity, SourceLocation } from '#kernel';

/** Collects the problems of one thing: a route, a cluster. */
export class Report {
  readonly problems: Problem[] = [];
  readonly #subject: string;
  readonly #location: SourceLocation | undefined;

  constructor(subject: string, location: SourceLocation | undefined) {
    this.#subject = subject;
    this.#location = location;
  }

  get broken(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  error(code: string, message: string, remedy?: string): void {
    this.#add('error', code, message, remedy);
  }

  warning(code: string, message: string, remedy?: string): void {
    this.#add('warning', code, message, remedy);
  }

  #add(severity: Severity, code: string, message: string, remedy: string | undefined): void {
    this.problems.push({
      severity,
      code,
      message,
      subject: this.#subject,
      ...(remedy !== undefined && { remedy }),
      ...(this.#location && { location: this.#location }),
    });
  }
}
