import type { EndpointView, RequestExplanation } from '#dataplane';
import { Option, type Command } from 'commander';
import { CardeaError, formatLocation, formatProblem, type Problem, type SourceLocation } from '#kernel';
import { describeRoute, servablePart, type TrafficConfig } from '#traffic';
import { readConfigFiles, sourcesFor } from '../config-repo/repository.ts';
import { trafficOf } from '../config-repo/traffic.ts';
import { tableLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface RoutesOptions {
  readonly configRepo: string;
  readonly application: string;
  readonly profile: readonly string[];
  readonly service: readonly string[];
  readonly management?: string;
  readonly json?: boolean;
}

interface ExplainOptions extends RoutesOptions {
  readonly header: readonly string[];
  readonly peer: string;
}

/** One route as `/api/v1/gateway/routes` of a running gateway shows it. */
interface ShownRoute {
  readonly id: string;
  readonly predicate: string;
  readonly target: string;
  readonly location?: SourceLocation | null;
}

/** `cardea routes list` and `cardea routes explain METHOD URL`. */
export function register(command: Command, terminal: Terminal): void {
  const list = command.command('list').description('list routes in matching order');
  addOptions(list).action(async (options: RoutesOptions) => listRoutes(options, terminal));
  const explain = command.command('explain').description('tell which route a request takes, why, and what is sent');
  addOptions(explain)
    .argument('<method>', 'GET, POST, …')
    .argument('<url>', 'a path such as /orders/1?x=y, or a whole URL')
    .option('-H, --header <line...>', "a header of the request, 'Name: value'", [])
    .option('--peer <address>', 'the address the request comes from', '127.0.0.1')
    .action(async (method: string, url: string, options: ExplainOptions) =>
      explainRoute(method, url, options, terminal),
    );
}

function addOptions(command: Command): Command {
  return command
    .option('--config-repo <dir>', 'folder with the configuration files', 'config-repo')
    .option('--application <name>', 'whose configuration to read there', 'gateway')
    .option('-p, --profile <name...>', 'active profiles', [])
    .option('--service <name...>', 'services that discovery knows, for automatic routes', [])
    .addOption(new Option('--management <url>', 'ask a running gateway instead').conflicts('configRepo'))
    .option('--json', 'print a JSON document');
}

async function listRoutes(options: RoutesOptions, terminal: Terminal): Promise<void> {
  const { routes, problems } =
    options.management === undefined ? shownRoutes(options) : await fetchRoutes(options.management);
  if (options.json === true) return terminal.json({ routes, problems });
  for (const problem of problems) terminal.note(formatProblem(problem));
  const rows = routes.map(({ id, predicate, target, location }) => [id, predicate, target, where(location)]);
  if (rows.length === 0) terminal.note('there is no route');
  for (const line of tableLines(['ROUTE', 'PREDICATE', 'TARGET', 'WRITTEN IN'], rows)) terminal.line(line);
}

async function explainRoute(method: string, url: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const headers = options.header.map(parseHeader);
  // The data plane is loaded by those who ask for an explanation only.
  const { explainRequest } = await import('#dataplane');
  const asked = { method, url, headers, peerAddress: options.peer };
  const explanation =
    options.management === undefined
      ? explainRequest(servablePart(configOf(options)), asked)
      : await fetchJson<RequestExplanation>(options.management, '/api/v1/gateway/explain', asked);
  if (options.json === true) terminal.json(explanation);
  else for (const line of explanationLines(explanation)) terminal.line(line);
}

/** What was tried, what matched, what would be sent. */
export function explanationLines({
  tried,
  route,
  problems = [],
  cluster,
  sent,
  answer,
  forwarded,
}: RequestExplanation): readonly string[] {
  const lines: string[] = [];
  for (const verdict of tried) {
    const failed = verdict.checks.filter(({ ok }) => !ok);
    if (!verdict.matched) {
      const why = failed.map(({ predicate, expected, actual }) => `${predicate} is ${actual}, not ${expected}`);
      lines.push(`  no   ${verdict.id}: ${why.join('; ')}`);
      continue;
    }
    lines.push(`  yes  ${verdict.id}  ${where(verdict.location)}`.trimEnd());
    for (const { predicate, expected, actual } of verdict.checks)
      lines.push(`         ${predicate} ${expected}: ${actual}`);
  }
  if (route === undefined) return [...lines, 'no route matches: 404'];
  const variables = Object.entries(route.variables).map(([name, value]) => `${name}=${value}`);
  if (variables.length > 0) lines.push(`variables  ${variables.join(' ')}`);
  for (const problem of problems) lines.push(`problem    ${formatProblem(problem)}`);
  for (const filter of route.filters) lines.push(`filter     ${filter}`);
  lines.push(`target     ${route.target}`);
  lines.push(
    ...(cluster?.endpoints ?? []).map((endpoint) => `instance   ${instanceText(endpoint, cluster?.planes ?? 1)}`),
  );
  if (answer !== undefined) {
    lines.push(
      `answer     ${answer.status}, nothing is sent upstream${answer.because === undefined ? '' : `: ${answer.because}`}`,
    );
    for (const [name, value] of answer.headers) lines.push(`             ${name}: ${value}`);
  }
  if (sent !== undefined) {
    lines.push(`sent       ${sent.method} ${sent.uri}`);
    for (const [name, value] of sent.headers) lines.push(`             ${name}: ${value}`);
  }
  if (forwarded !== undefined) lines.push(`matched again as ${forwarded.path}`, ...explanationLines(forwarded));
  return lines;
}

function instanceText({ id, host, port, weight, active, ejectedBy, note }: EndpointView, planes: number): string {
  const parts = [`${id}  ${host}:${port}  weight ${weight}  ${active} under way`];
  if (ejectedBy > 0) parts.push(planes === 1 ? 'ejected' : `ejected in ${ejectedBy} of ${planes} workers`);
  return [...parts, ...(note === undefined ? [] : [note])].join('  ');
}

function configOf({ configRepo, application, profile, service }: RoutesOptions): TrafficConfig {
  return trafficOf(sourcesFor(readConfigFiles(configRepo), application, profile), service);
}

function shownRoutes(options: RoutesOptions): {
  readonly routes: readonly ShownRoute[];
  readonly problems: readonly Problem[];
} {
  const config = configOf(options);
  const clusters = new Map(config.clusters.map((cluster) => [cluster.id, cluster]));
  const routes = servablePart(config).routes.map((route) => ({
    id: route.id,
    dialect: route.dialect,
    ...describeRoute(route, clusters),
    ...(route.location === undefined ? {} : { location: route.location }),
  }));
  return { routes, problems: config.problems };
}

async function fetchRoutes(management: string): Promise<ReturnType<typeof shownRoutes>> {
  return fetchJson(management, '/api/v1/gateway/routes');
}

async function fetchJson<Body>(base: string, path: string, body?: unknown): Promise<Body> {
  const url = URL.canParse(path, base) ? new URL(path, base) : undefined;
  const failed = (what: string, cause?: unknown) =>
    new CardeaError('management-unreachable', `${url?.href ?? base} ${what}`, {
      source: 'upstream',
      cause,
      remedy: 'give the management address of a running gateway, such as --management http://127.0.0.1:9090',
    });
  if (url === undefined) throw failed('is not a URL');
  const send = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, body === undefined ? {} : send).catch((cause: unknown) => {
    throw failed('does not answer', cause);
  });
  if (response.status === 400) throw await refusalOf(response);
  if (!response.ok) throw failed(`answers ${response.status}`);
  const parsed: Body = JSON.parse(await response.text());
  return parsed;
}

async function refusalOf(response: Response): Promise<CardeaError> {
  const { detail, remedy }: { detail?: string; remedy?: string } = JSON.parse(await response.text());
  return new CardeaError('refused-question', detail ?? 'the gateway refuses the question', {
    source: 'downstream',
    ...(remedy !== undefined && { remedy }),
  });
}

function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon > 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  throw new CardeaError('invalid-header', `"${line}" is not a header`, {
    source: 'downstream',
    remedy: "write -H 'Name: value'",
  });
}

function where(location: SourceLocation | null | undefined): string {
  return location === undefined || location === null ? '' : formatLocation(location);
}
