import { CardeaError } from './cardea-error.ts';
import { runAlone } from './run-alone.ts';
import type { RunningApp } from './running-app.ts';

class FakeProcess {
  exitCode: number | undefined;
  said = '';
  complained = '';
  readonly signals = new Map<string, () => void>();
  readonly stdout = { write: (text: string) => (this.said += text) };
  readonly stderr = { write: (text: string) => (this.complained += text) };

  once(signal: string, stop: () => void): void {
    this.signals.set(signal, stop);
  }
}

/** An app that notes what is asked of it; `closed` is settled when it has been closed. */
function noting() {
  const asked: string[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const app: RunningApp = {
    name: 'gateway',
    listeners: [
      { name: 'gateway', url: 'http://127.0.0.1:1' },
      { name: 'management', url: 'http://127.0.0.1:2' },
    ],
    drain: (deadlineMs) => Promise.resolve(void asked.push(`drain ${deadlineMs}`)),
    close: () => {
      asked.push('close');
      resolve();
      return Promise.resolve();
    },
  };
  return { app, asked, closed };
}

it.each(['SIGTERM', 'SIGINT'])('prints where it listens, and drains before it closes at %s', async (signal) => {
  const { app, asked, closed } = noting();
  const host = new FakeProcess();
  await runAlone(() => Promise.resolve({ app, drainMs: 5 }), host);
  expect(host.said).toBe('gateway listens on http://127.0.0.1:1\nmanagement listens on http://127.0.0.1:2\n');
  expect(asked).toEqual([]);
  host.signals.get(signal)?.();
  await closed;
  expect(asked).toEqual(['drain 5', 'close']);
  expect(host.exitCode).toBeUndefined();
});

it('says in one line why it cannot start', async () => {
  const host = new FakeProcess();
  const fault = { source: 'downstream', remedy: 'choose another' } as const;
  await runAlone(() => Promise.reject(new CardeaError('port-taken', 'port 1 is taken', fault)), host);
  expect(host.complained).toBe('cardea: port 1 is taken; choose another\n');
  expect(host.exitCode).toBe(1);
});

it('hides no fault of its own', async () => {
  const host = new FakeProcess();
  await expect(runAlone(() => Promise.reject(new Error('bug')), host)).rejects.toThrow('bug');
  expect(host.complained).toBe('');
});
