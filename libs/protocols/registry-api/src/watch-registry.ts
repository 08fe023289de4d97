import { type ConnectionOptions, type EventFollower, followEvents, type ServerSentEvent } from '#event-stream';
import type { RegistryChanges, RegistrySnapshot } from './stream-events.ts';

export interface WatchRegistryOptions extends ConnectionOptions {
  /** Base URL of the registry: `http://127.0.0.1:8761`. */
  readonly url: string;
  /** Only these services; all when left out. */
  readonly services?: readonly string[];
  /** Everything that is there. Comes first, and again when the connection was away too long to be resumed. */
  readonly onSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly onChange: (changes: RegistryChanges) => void;
}

/** Follows a registry for as long as it takes: connects, resumes where it was, and tells what changes. */
export function watchRegistry(options: WatchRegistryOptions): EventFollower {
  const base = options.url.endsWith('/') ? options.url : `${options.url}/`;
  const query = options.services === undefined ? '' : `?service=${options.services.map(encodeURIComponent).join(',')}`;
  return followEvents({
    ...options,
    url: new URL(`api/v1/stream${query}`, base).href,
    onEvent: (event) => take(event, options),
    unreachable: {
      code: 'registry-unreachable',
      message: `the registry at ${options.url} cannot be followed`,
      remedy: 'see that it runs and that the URL is right; what is known of it stays in use until it is back',
    },
  });
}

function take({ event, data }: ServerSentEvent, options: WatchRegistryOptions): void {
  if (event === 'snapshot') {
    const snapshot: RegistrySnapshot = JSON.parse(data);
    options.onSnapshot(snapshot);
  } else if (event === 'change') {
    const changes: RegistryChanges = JSON.parse(data);
    options.onChange(changes);
  }
}
