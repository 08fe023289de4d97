import { Option, type Command } from 'commander';
import { type EnvironmentRequest, explainFrom, type KeyCandidate, type KeyExplanation } from '#config';
import { CardeaError } from '#kernel';
import { ConfigClient } from '#protocols/config-api';
import { cipherOf, readCipherSettings } from '../cipher-settings.ts';
import { tableLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface ExplainOptions {
  readonly app: string;
  readonly profile: string;
  readonly label?: string;
  readonly configServer: string;
  readonly repo?: string;
  readonly searchPaths: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

/** `cardea config explain KEY`. */
export function register(command: Command, terminal: Terminal): void {
  command
    .command('explain')
    .description('tell which file and line sets a key, and what it beats')
    .argument('<key>', 'in any spelling: max-age, maxAge; list elements as hosts[0].name')
    .option('--app <name>', 'application that the key is for', 'application')
    .option('-p, --profile <names>', 'its active profiles, comma-separated', 'default')
    .option('-l, --label <label>', 'branch, tag or commit')
    .option('--config-server <url>', 'where the config server is', 'http://127.0.0.1:8888')
    .addOption(new Option('--repo <uri>', 'read this folder or repository instead').conflicts('configServer'))
    .option('--search-paths <paths...>', 'with --repo: folders in it to look into', [])
    .option('--config <file>', 'with --repo: settings file that has encrypt.key')
    .option('--json', 'print a JSON document')
    .action(async (key: string, options: ExplainOptions) => {
      const request = { application: options.app, profiles: options.profile, label: options.label };
      const explanation =
        options.repo === undefined
          ? await new ConfigClient(options.configServer).explain(request, key)
          : await explainInRepository(options.repo, request, key, options);
      if (options.json === true) terminal.json(explanation);
      else for (const line of linesOf(explanation)) terminal.line(line);
      if (explanation.winner === null) throw unset(explanation, request);
    });
}

async function explainInRepository(
  uri: string,
  request: EnvironmentRequest,
  key: string,
  { searchPaths, config }: ExplainOptions,
): Promise<KeyExplanation> {
  // The engines are loaded by those who read a repository themselves only.
  const { openBackends } = await import('../../../config-server/src/open-backends.ts');
  const settings = readCipherSettings(config);
  const backends = [{ kind: 'git', uri, searchPaths }] as const;
  const backend = await openBackends({ backends, dataDir: settings.dataDir }, { cipher: cipherOf(settings) });
  try {
    return await explainFrom(backend, request, key);
  } finally {
    await backend.close();
  }
}

function linesOf({ key, version, winner, losers }: KeyExplanation): readonly string[] {
  const lines: string[] = [];
  if (winner !== null) {
    lines.push(`${winner.key} = ${shownValue(winner)}`);
    if (winner.resolved !== winner.value && winner.decrypted !== true) lines.push(`  is ${winner.resolved}`);
    lines.push(`  set by ${placeOf(winner)}`);
    if (winner.change !== undefined) {
      const { id, author, at, message } = winner.change;
      lines.push(`  in ${id.slice(0, 12)} by ${author}, ${new Date(at).toISOString().slice(0, 10)}: ${message}`);
    }
  }
  if (version !== null) lines.push(`  commit ${version}`);
  const rows = losers.map((loser) => [loser.key, shownValue(loser), placeOf(loser), whyLost(loser, winner === null)]);
  if (rows.length > 0) lines.push(...tableLines([winner === null ? key : 'BEATS', 'VALUE', 'SET BY', 'WHY'], rows));
  return lines;
}

/** Secrets stay out of terminals and their logs; `--json` has them. */
const shownValue = ({ value, decrypted }: KeyCandidate): string => (decrypted === true ? '(encrypted)' : value);
const placeOf = ({ location, source }: KeyCandidate): string => location ?? source;

function whyLost({ replacedBy }: KeyCandidate, all: boolean): string {
  if (replacedBy !== undefined) return `the list of ${replacedBy} replaces the whole list`;
  return all ? '' : 'a weaker source';
}

function unset(
  { key, suggestion, losers }: KeyExplanation,
  { application, profiles }: EnvironmentRequest,
): CardeaError {
  const remedy =
    suggestion === undefined
      ? `set it in ${application}.yml, or look for it under another application or profile`
      : `did you mean ${suggestion}?`;
  const what = losers.length > 0 ? 'is not in effect' : 'is not set';
  return new CardeaError('unset-key', `${key} ${what} for ${application}/${profiles}`, {
    source: 'downstream',
    remedy,
  });
}
