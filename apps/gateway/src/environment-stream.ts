import { setTimeout as delay } from 'node:timers/promises';
import type { PropertySource } from '#config';
import type { Problem } from '#kernel';
import { type RemoteEnvironment, sourcesOf } from '#protocols/config-api';
import { openStream } from '#protocols/registry-api';

export interface ConfigurationEvents {
  /** Strongest first. `commit` names the state, as far as the source has names for states. */
  onConfiguration(sources: readonly PropertySource[], commit: string): void;
  /** A newer state is refused by its source; what was told before stays. */
  onProblems(problems: readonly Problem[]): void;
  onConnection(connected: boolean): void;
}

/** Tells the configuration now and whenever it changes, until closed. */
export type FollowConfiguration = (events: ConfigurationEvents) => { close(): void };

const MAX_RETRY_MS = 5_000;

/** Follows the stream of a config server: `/api/v1/config/{application}/{profile}/stream`. */
export function followConfigServer(url: string, path: string): FollowConfiguration {
  return (events) => {
    const abort = new AbortController();
    void follow(`${url}/api/v1/config/${path}/stream`, events, abort.signal);
    return { close: () => abort.abort() };
  };
}

async function follow(url: string, events: ConfigurationEvents, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const response = await openStream(url, { accept: 'text/event-stream' }, signal);
      if (response.statusCode === 200) {
        events.onConnection(true);
        attempt = 0;
        let text = '';
        for await (const chunk of response) {
          text += String(chunk);
          const blocks = text.split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) take(block, events);
        }
      } else {
        response.destroy();
      }
    } catch {
      // Told by onConnection; what was told before stays in use.
    }
    if (signal.aborted) return;
    events.onConnection(false);
    await delay(Math.min(MAX_RETRY_MS, 100 * 2 ** attempt), undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function take(block: string, events: ConfigurationEvents): void {
  const name = /^event: ?(.*)$/m.exec(block)?.[1];
  const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n');
  if (name === 'environment') {
    const { environment }: { environment: RemoteEnvironment } = JSON.parse(data);
    events.onConfiguration(sourcesOf(environment), environment.version ?? '');
  } else if (name === 'problem') {
    const { problems }: { problems: readonly Problem[] } = JSON.parse(data);
    events.onProblems(problems);
  }
}
