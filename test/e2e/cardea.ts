import { join } from 'node:path';
import { Child, ROOT } from './child.ts';
import type { Workspace } from './workspace.ts';

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
  ): Promise<Cardea> {
    const child = runCardea(workspace, [command, `--cardea.data-dir=${workspace.dataDir}`, ...more]);
    const urls = new Map<string, string>();
    for (const name of listeners) {
      const [, url = ''] = await child.printed(new RegExp(`^\\s*${name}\\b.*?(https?://[\\d.]+:\\d+)`, 'm'));
      urls.set(name, url);
    }
    return new Cardea(child, urls);
  }

  url(name: string): string {
    const url = this.urls.get(name);
    if (url === undefined) throw new Error(`no listener ${name} in ${[...this.urls.keys()].join(', ')}`);
    return url;
  }
}

/** `bin/cardea` with the built tree, in the workspace's folder. */
export function runCardea(workspace: Workspace, parameters: readonly string[]): Child {
  return new Child(join(ROOT, 'bin/cardea'), parameters, { cwd: workspace.folder });
}
