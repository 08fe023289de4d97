import type { Command } from 'commander';
import { formatProblem, type Problem } from '#kernel';
import { CommandFault } from '../command-fault.ts';
import { readConfigFiles, sourcesFor, type ConfigFile } from '../config-repo/repository.ts';
import { trafficOf } from '../config-repo/traffic.ts';
import type { Terminal } from '../terminal.ts';

interface ValidateOptions {
  readonly json?: boolean;
  readonly profile?: readonly string[];
}

/** `cardea validate`: parses configuration files, translates the routes in them and says what is wrong, and where. */
export function register(command: Command, terminal: Terminal): void {
  command
    .argument('[path...]', 'configuration files or folders', ['config-repo'])
    .option('-p, --profile <name...>', 'profiles to be active; without it each profile that has a file is tried')
    .option('--json', 'print a JSON document')
    .action((paths: readonly string[], options: ValidateOptions) => {
      const files = paths.flatMap((path) => readConfigFiles(path));
      const { problems, routes } = validate(files, options.profile);
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      const warnings = problems.length - errors;
      if (options.json === true) {
        terminal.json({ files: files.map(({ path }) => path), routes, errors, warnings, problems });
      } else {
        for (const problem of problems) terminal.line(lineOf(problem));
        terminal.line(summary(files.length, routes, errors, warnings));
      }
      if (errors > 0) throw new CommandFault([]);
    });
}

interface Validation {
  readonly problems: readonly Problem[];
  /** Routes that would serve. */
  readonly routes: number;
}

/** Everything wrong with the files, each thing once, in the order of the files. */
export function validate(files: readonly ConfigFile[], profiles?: readonly string[]): Validation {
  const problems = files.flatMap((file) => file.problems);
  const ids = new Set<string>();
  for (const application of new Set(files.map((file) => file.application)))
    for (const active of combinations(files, application, profiles)) {
      const config = trafficOf(sourcesFor(files, application, active), []);
      problems.push(...config.problems);
      for (const { id } of config.routes) ids.add(`${application} ${id}`);
    }
  const once = new Map(problems.map((problem) => [lineOf(problem), problem]));
  return { problems: [...once.values()].sort(byLocation), routes: ids.size };
}

/** Without named profiles: none, and each one alone that a file of the application is for. */
function combinations(
  files: readonly ConfigFile[],
  application: string,
  profiles: readonly string[] | undefined,
): readonly (readonly string[])[] {
  if (profiles !== undefined) return [profiles];
  const known = new Set<string>();
  for (const file of files)
    if (file.application === application || file.application === 'application') {
      if (file.profile !== undefined) known.add(file.profile);
      for (const { onProfile = [] } of file.documents)
        for (const { text } of onProfile) for (const name of text.match(/[\w-]+/g) ?? []) known.add(name);
    }
  return [[], ...[...known].map((name) => [name])];
}

function lineOf(problem: Problem): string {
  return `${formatProblem(problem)}${problem.severity === 'warning' ? ' (warning)' : ''}`;
}

function byLocation(a: Problem, b: Problem): number {
  const [one, other] = [a.location, b.location];
  const files = (one?.file ?? '').localeCompare(other?.file ?? '');
  if (files !== 0) return files;
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function summary(files: number, routes: number, errors: number, warnings: number): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${count(files, 'file')}, ${count(routes, 'route')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}
