import { formatProblem, type Problem } from '#kernel';

/** Ends a command with exit status 1 and these lines on standard error. */
export class CommandFault extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CommandFault';
    this.lines = lines;
  }

  static ofProblems(problems: readonly Problem[]): CommandFault {
    return new CommandFault(problems.map((problem) => formatProblem(problem)));
  }
}
