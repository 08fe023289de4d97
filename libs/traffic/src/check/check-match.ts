import type { Match, NamedMatch, PathMatch } from '../match.ts';
import type { Report } from './report.ts';
import { checkAddressBlock, checkRange, checkRegex, checkToken } from './values.ts';

/** What is wrong with the conditions of one route. */
export function checkMatch(match: Match, report: Report): void {
  for (const [name, list] of Object.entries({ hosts: match.hosts, paths: match.paths, methods: match.methods })) {
    if (list?.length === 0) report.warning('never-matches', `the list of ${name} is empty: nothing matches`);
  }
  for (const path of [...(match.paths ?? []), ...(match.exceptPaths ?? [])]) checkPath(path, report);
  for (const host of match.hosts ?? []) {
    if (host.value.trim() === '') report.error('bad-host', 'a host pattern is empty', 'name a host');
    checkBraces(host.value, report);
  }
  for (const method of match.methods ?? []) checkToken(method, 'method', report);
  for (const header of match.headers ?? []) checkToken(header.name, 'header name', report);
  for (const named of [...(match.headers ?? []), ...(match.query ?? []), ...(match.cookies ?? [])]) {
    checkNamed(named, report);
  }
  for (const cidr of match.remoteAddresses?.cidrs ?? []) checkAddressBlock(cidr, report);
  const { after, before } = match.time ?? {};
  if (after !== undefined && before !== undefined && after >= before) {
    report.error('empty-time-window', 'the end of the time window is not after its beginning', 'swap both');
  }
  checkRange(match.weight?.weight, 'the weight', 0, Number.MAX_VALUE, report);
}

function checkPath(path: PathMatch, report: Report): void {
  if (path.kind === 'regex') checkRegex(path.value, report);
  else if (path.kind === 'pattern' || path.kind === 'ant') checkBraces(path.value, report);
}

function checkNamed({ match }: NamedMatch, report: Report): void {
  if (match.kind === 'regex') checkRegex(match.value, report);
}

/** Braces must pair, names must be there and differ, expressions must compile. */
function checkBraces(pattern: string, report: Report): void {
  const names = new Set<string>();
  let rest = pattern;
  for (const variable of variablesOf(pattern)) {
    rest = rest.replace(`{${variable}}`, '');
    const [name = '', ...regex] = variable.split(':');
    const bare = name.replace(/^\*/, '');
    if (bare === '') report.error('bad-pattern', `"${pattern}" has a variable without a name`, 'name it: {name}');
    else if (names.has(bare))
      report.error('bad-pattern', `"${pattern}" captures "${bare}" twice`, 'rename one of them');
    names.add(bare);
    if (regex.length > 0) checkRegex(regex.join(':'), report);
  }
  if (/[{}]/.test(rest)) report.error('bad-pattern', `the braces of "${pattern}" do not pair`, 'close each { with }');
}

/** Contents of the outermost braces: `x`, `*rest`, `id:\d{2}`. */
function variablesOf(pattern: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') at++;
    else if (char === '{' && depth++ === 0) start = at + 1;
    else if (char === '}' && depth > 0 && --depth === 0) found.push(pattern.slice(start, at));
  }
  return found;
}

/** Names that the path and host patterns of a route capture. */
export function capturedNames(match: Match): ReadonlySet<string> {
  const patterns = [...(match.paths ?? []), ...(match.hosts ?? [])].flatMap(({ value }) => variablesOf(value));
  return new Set(patterns.map((variable) => (variable.split(':')[0] ?? '').replace(/^\*/, '')));
}
