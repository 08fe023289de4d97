import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { formatProblem } from '#kernel';
import type { FollowConfiguration } from '../../gateway/src/environment-stream.ts';
import { readConfigFiles, sourcesFor } from './config-repo/repository.ts';

/** Editors write in steps; a change is read when it has been quiet for this long. */
const QUIET_MS = 60;

/** Follows a folder of configuration files. A broken file never replaces a good one: its problems are told instead. */
export function followFolder(folder: string, application: string, profiles: readonly string[]): FollowConfiguration {
  return (events) => {
    let last = '';
    const read = () => {
      try {
        const files = readConfigFiles(folder);
        const broken = files.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error');
        const sources = sourcesFor(files, application, profiles);
        const content = JSON.stringify([
          sources.map(({ properties }) =>
            [...properties].map(([key, { value }]) => [key, typeof value === 'bigint' ? `${value}` : value]),
          ),
          broken.map(formatProblem),
        ]);
        if (content === last) return;
        last = content;
        if (broken.length > 0) events.onProblems(broken);
        else events.onConfiguration(sources, createHash('sha256').update(content).digest('hex').slice(0, 12));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        events.onProblems([{ severity: 'error', code: 'unreadable-configuration', message }]);
      }
    };
    events.onConnection(true);
    read();
    let timer: NodeJS.Timeout | undefined;
    const watcher = watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(read, QUIET_MS);
    });
    return {
      close: () => {
        clearTimeout(timer);
        watcher.close();
      },
    };
  };
}
