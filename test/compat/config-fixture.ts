import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isActive, parseYamlDocuments } from '#config';
import { bindSettings, CONFIG_SERVER_SETTINGS } from '#settings';
import {
  type ConfigServerSettings,
  toConfigServerSettings,
} from '../../apps/config-server/src/config-server-settings.ts';

interface Fixture {
  readonly repos: Readonly<
    Record<
      string,
      { readonly git?: boolean; readonly files: Readonly<Record<string, string | { readonly base64: string }>> }
    >
  >;
  readonly commits: Readonly<Record<string, string>>;
}

const captures = join(import.meta.dirname, 'captures');
const DATE = '2026-01-01T00:00:00Z';
const IDENTITY = {
  GIT_AUTHOR_NAME: 'fx',
  GIT_AUTHOR_EMAIL: 'fx@example.org',
  GIT_AUTHOR_DATE: DATE,
  GIT_COMMITTER_NAME: 'fx',
  GIT_COMMITTER_EMAIL: 'fx@example.org',
  GIT_COMMITTER_DATE: DATE,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** The repositories that the recorded server had, in a folder of their own. */
export class ConfigFixture {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-captures-')));
  /** By `repository branch`, as recorded and as made here. */
  readonly commits: { readonly recorded: Fixture['commits']; readonly made: Readonly<Record<string, string>> };

  constructor() {
    const { repos, commits }: Fixture = JSON.parse(readFileSync(join(captures, 'config-fixture.json'), 'utf8'));
    const made: Record<string, string> = {};
    for (const [name, { files, git = true }] of Object.entries(repos)) {
      for (const [path, text] of Object.entries(files)) {
        const bytes = typeof text === 'string' ? text : Buffer.from(text.base64, 'base64');
        mkdirSync(dirname(join(this.folder, name, path)), { recursive: true });
        writeFileSync(join(this.folder, name, path), bytes);
      }
      if (!git) continue;
      this.#git(name, 'init', '--quiet', '--initial-branch=main');
      this.#commit(name, 'fixture');
      made[`${name} main`] = this.#git(name, 'rev-parse', 'HEAD');
    }
    this.#git('hc', 'tag', 't1');
    this.#git('hc', 'checkout', '--quiet', '-b', 'release/2.0');
    writeFileSync(join(this.folder, 'hc/orders.yml'), 'tier: rel\n');
    rmSync(join(this.folder, 'hc/orders.properties'));
    this.#commit('hc', 'release');
    made['hc release/2.0'] = this.#git('hc', 'rev-parse', 'HEAD');
    this.#git('hc', 'checkout', '--quiet', 'main');
    this.commits = { recorded: commits, made };
  }

  /** The recorded server's own settings file, as it applies under one of its profiles. */
  settingsFor(profile: string): ConfigServerSettings {
    const file = join(captures, 'config-server.yml');
    const { documents } = parseYamlDocuments(this.filled(readFileSync(file, 'utf8')), file);
    const active = new Set([profile]);
    const sources = documents.filter((document) => isActive(document, active));
    const { values } = bindSettings(CONFIG_SERVER_SETTINGS, sources.toReversed());
    return { ...toConfigServerSettings(values, join(this.folder, '.data')), port: 0 };
  }

  filled(text: string): string {
    return text.replaceAll('${URI}', 'file:${WORKDIR}/hc').replaceAll('${WORKDIR}', this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #commit(name: string, message: string): void {
    this.#git(name, 'add', '--all');
    this.#git(name, 'commit', '--quiet', '--message', message);
  }

  #git(name: string, ...args: string[]): string {
    const variables = Object.entries(IDENTITY).map(([key, value]) => `${key}=${value}`);
    return execFileSync('env', [...variables, 'git', '-C', join(this.folder, name), ...args], {
      encoding: 'utf8',
    }).trim();
  }
}
