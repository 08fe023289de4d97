import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child, ROOT } from './child.ts';
import type { Workspace } from './workspace.ts';

/** For `cardea up`: every listener on a port that is free. */
export const FREE_PORTS = [
  '--server.port=0',
  '--management.server.port=0',
  '--cardea.registry.port=0',
  '--cardea.config-server.port=0',
];

/** Where the apps of a test that runs them apart find each other. */
export interface Urls {
  readonly registry: string;
  readonly config: string;
}

/** Parts that a suite needs beside the command itself, by the file that a build of them has. */
const PARTS = {
  'data plane': 'dist/libs/dataplane/src/data-plane.js',
  'config server': 'dist/apps/cardea/src/commands/config-server.js',
} as const;

/** A `describe` that is skipped, under a name that says why, while the build lacks a part. */
export function describePart(parts: readonly (keyof typeof PARTS)[], title: string, body: () => void): void {
  const missing = parts.filter((part) => !existsSync(join(ROOT, PARTS[part])));
  if (missing.length === 0) describe(title, body);
  else describe.skip(`${title} [needs ${missing.join(', ')}]`, body);
}

/** A started `cardea …`: its process and where it listens. */
export class Cardea {
  readonly child: Child;
  readonly urls: ReadonlyMap<string, string>;

  private constructor(child: Child, urls: ReadonlyMap<string, string>) {
    this.child = child;
    this.urls = urls;
  }

  /** Starts a command in a workspace and waits for a line per listener, `NAME … http://HOST:PORT`. */
  static async start(
    workspace: Workspace,
    command: string,
    listeners: readonly string[],
    more: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Cardea> {
    const child = runCardea(workspace, [command, `--cardea.data-dir=${workspace.dataDir}`, ...more], env);
    const urls = new Map<string, string>();
    for (const name of listeners) {
      const [, url = ''] = await child.printed(new RegExp(`^\\s*${name}\\b.*?(https?://[\\d.]+:\\d+)`, 'm'));
      urls.set(name, url);
    }
    return new Cardea(child, urls);
  }

  static up(workspace: Workspace): Promise<Cardea> {
    return Cardea.start(workspace, 'up', ['gateway', 'management', 'registry'], FREE_PORTS);
  }

  static registry(workspace: Workspace, port = 0): Promise<Cardea> {
    return Cardea.start(workspace, 'registry', ['registry'], [`--server.port=${port}`]);
  }

  static configServer(workspace: Workspace): Promise<Cardea> {
    return Cardea.start(workspace, 'config-server', ['config-server'], ['--server.port=0']);
  }

  static gateway(workspace: Workspace, urls: Urls): Promise<Cardea> {
    return Cardea.start(
      workspace,
      'gateway',
      ['gateway', 'management'],
      [
        '--server.port=0',
        '--management.server.port=0',
        `--cardea.registry.url=${urls.registry}`,
        `--cardea.config.url=${urls.config}`,
      ],
    );
  }

  url(name: string): string {
    const url = this.urls.get(name);
    if (url === undefined) throw new Error(`no listener ${name} in ${[...this.urls.keys()].join(', ')}`);
    return url;
  }
}

/** `bin/cardea` with the built tree, in the workspace's folder. */
export function runCardea(workspace: Workspace, parameters: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  return new Child(join(ROOT, 'bin/cardea'), parameters, { cwd: workspace.folder, env });
}
