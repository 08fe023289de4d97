import { requestFinished } from '#dataplane';
import { Journal } from '#kernel';
import { RequestCollector } from '#telemetry';
import { recordPlane } from './plane-journal.ts';
import type { TrafficPlane } from './traffic-plane.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The process at the other end: `process` of a forked one. */
export interface ParentLink {
  send?(message: FromWorker): unknown;
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** Serves one data plane on behalf of a gateway process, and ends with it. */
export function runWorker(plane: TrafficPlane, parent: ParentLink, exit: () => void): void {
  const tell = (message: FromWorker): void => void parent.send?.(message);
  const collector = new RequestCollector();
  requestFinished.subscribe(collector.onRequest);
  recordPlane(new Journal((entry) => tell({ kind: 'journal', entry })));
  setInterval(() => tell({ kind: 'window', window: collector.take(), inFlight: plane.inFlight }), 1_000).unref();

  const handle = async (message: ToWorker): Promise<void> => {
    switch (message.kind) {
      case 'listen':
        try {
          tell({ kind: 'listening', port: await plane.listen(message.options) });
        } catch (error) {
          const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
          tell({ kind: 'cannot-listen', message: error instanceof Error ? error.message : String(error), code });
        }
        return;
      case 'renew':
        plane.renew(message.identities);
        return;
      case 'apply':
        tell({ kind: 'applied', version: message.version, result: await plane.apply(message.config) });
        return;
      case 'endpoints':
        plane.updateEndpoints(message.set);
        return;
      case 'view':
        tell({ kind: 'view', clusters: await plane.view() });
        return;
      case 'drain': {
        const cut = await plane.drain(message.deadlineMs);
        tell({ kind: 'window', window: collector.take(), inFlight: 0 });
        tell({ kind: 'drained', cut });
      }
    }
  };
  // In order: endpoints must not overtake the configuration that names their cluster. A drain overtakes nothing either.
  let work = Promise.resolve();
  parent.on('message', (message) => {
    work = work.then(() => handle(message)).catch(exit);
  });
  parent.once('disconnect', exit);
}
