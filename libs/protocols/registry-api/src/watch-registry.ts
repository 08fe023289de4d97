import {
  type Disconnection,
  type EventFollower,
  followEvents,
  type FollowOptions,
  type ServerSentEvent,
} from '#event-stream';
import type { Clock } from '#kernel';
import type { RegistryChanges, RegistrySnapshot } from './stream-events.ts';

export interface WatchRegistryOptions {
  /** Base URL of the registry: `http://127.0.0.1:8761`. */
  readonly url: string;
  /** Only these services; all when left out. */
  readonly services?: readonly string[];
  /** Everything that is there. Comes first, and again when the connection was away too long to be resumed. */
  readonly onSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly onChange: (changes: RegistryChanges) => void;
  /** What was told before stays true as far as anybody knows: keep serving from it. */
  readonly onDisconnected?: (disconnection: Disconnection) => void;
  readonly onConnected?: () => void;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** How the stream is opened, for callers that guard their calls. */
  readonly open?: FollowOptions['open'];
}

/** Follows a registry for as long as it takes: connects, resumes where it was, and tells what changes. */
export function watchRegistry(options: WatchRegistryOptions): EventFollower {
  const base = options.url.endsWith('/') ? options.url : `${options.url}/`;
  const query = options.services === undefined ? '' : `?service=${options.services.map(encodeURIComponent).join(',')}`;
  return followEvents({
    url: new URL(`api/v1/stream${query}`, base).href,
    headers: options.headers,
    clock: options.clock,
    open: options.open,
    onConnected: options.onConnected,
    onEvent: (event) => take(event, options),
    onDisconnected: options.onDisconnected,
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
