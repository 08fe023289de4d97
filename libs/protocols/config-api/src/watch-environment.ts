import { type ConnectionOptions, type EventFollower, followEvents, type ServerSentEvent } from '#event-stream';
import type { Problem } from '#kernel';
import { readEnvironmentEvent, type WatchedEnvironment } from './environment-sources.ts';

export interface WatchEnvironmentOptions extends ConnectionOptions {
  /** Base URL of the config server: `http://127.0.0.1:8888`. */
  readonly url: string;
  readonly application: string;
  /** One or more, comma-separated. */
  readonly profile: string;
  readonly label?: string | undefined;
  /** Comes first, again after every change, and again when the connection was lost. */
  readonly onEnvironment: (environment: WatchedEnvironment) => void;
  /** A newer commit is refused, or files that this application reads are broken; what was told before stays in use. */
  readonly onProblems?: (problems: readonly Problem[]) => void;
}

/** Follows the configuration of an application for as long as it takes. */
export function watchEnvironment(options: WatchEnvironmentOptions): EventFollower {
  return followEvents({
    ...options,
    url: streamUrl(options),
    onEvent: (event) => take(event, options),
    unreachable: {
      code: 'config-unreachable',
      message: `the config server at ${options.url} cannot be followed`,
      remedy: 'see that it runs, and that the URL and the label are right; what was told stays in use until it is back',
    },
  });
}

function streamUrl({ url, application, profile, label }: WatchEnvironmentOptions): string {
  const base = url.endsWith('/') ? url : `${url}/`;
  const segments = [application, profile, ...(label === undefined ? [] : [label.replaceAll('/', '(_)')])];
  return new URL(`api/v1/config/${segments.map(encodeURIComponent).join('/')}/stream`, base).href;
}

function take({ event, data }: ServerSentEvent, options: WatchEnvironmentOptions): void {
  if (event === 'environment') {
    options.onEnvironment(readEnvironmentEvent(data));
  } else if (event === 'problem') {
    const { problems }: { problems: readonly Problem[] } = JSON.parse(data);
    options.onProblems?.(problems);
  }
}
