import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { timeOfDay } from '../model/format.ts';
import { useTick } from '../state/clock.ts';
import type { EventStream } from '../state/event-stream.ts';
import { useStore } from '../state/store.ts';
import { Icon } from './icons.tsx';

const SAID: Readonly<Record<string, string>> = {
  gateway: 'No connection to the management port',
  registry: 'No connection to the registry',
};

interface BannerProps {
  readonly stream: EventStream;
  /** Another stream that this one goes through: while that is lost, one banner says it all. */
  readonly unless?: EventStream;
}

/** Tells that what the page shows is old, since when, and when the next attempt comes. */
export function ConnectionBanner({ stream, unless }: BannerProps): JSX.Element | null {
  const connection = useStore(stream.connection);
  const cause = useStore((unless ?? stream).connection);
  const hidden = unless !== undefined && cause.phase === 'lost';
  useEffect(() => {
    if (!hidden) stream.retryNow();
  }, [stream, hidden]);
  if (connection.phase !== 'lost' || hidden) return null;
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      <p>
        <strong>{SAID[stream.name] ?? stream.name}</strong> since {timeOfDay(connection.since)}; what you see is from
        before.{' '}
        <span aria-live="off">
          <Countdown until={connection.retryAt} />
        </span>
      </p>
      <button type="button" onClick={() => stream.retryNow()}>
        Retry now
      </button>
    </div>
  );
}

function Countdown({ until }: { readonly until: number }): JSX.Element {
  useTick();
  const seconds = Math.ceil((until - Date.now()) / 1000);
  return <>{seconds > 0 ? `Next attempt in ${seconds} s.` : 'Trying now …'}</>;
}
