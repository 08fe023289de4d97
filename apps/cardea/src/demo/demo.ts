import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunningApp } from '#kernel';

const SERVICES = ['greeter', 'catalog'];

/** Starts the demo services, each in a process of its own, registering as any service would. */
export function startDemo(registryUrl: string, configUrl: string, instances: number): RunningApp {
  const entry = fileURLToPath(import.meta.resolve('./service.js'));
  const children = SERVICES.flatMap((name) =>
    Array.from({ length: instances }, () =>
      fork(entry, [name, registryUrl, configUrl], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    ),
  );
  for (const child of children) child.unref();
  return {
    name: 'demo',
    listeners: [],
    drain: async () => undefined,
    close: async () => void (await Promise.all(children.map(stop))),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
