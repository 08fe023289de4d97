import { CardeaError } from '#kernel';

/** Why a port cannot be listened on, with the setting to change. `prefix` is that of its keys: `server`. */
export function listenFault(error: unknown, prefix: string, address: string, port: number): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const what =
    code === 'EADDRINUSE' ? `port ${port} of ${address} is taken` : `cannot listen on ${address}:${port}: ${message}`;
  const remedy =
    code === 'EADDRNOTAVAIL'
      ? `give an address of this machine: --${prefix}.address=127.0.0.1`
      : `stop what listens there, or choose another: --${prefix}.port=${port + 1} (0 takes a free one)`;
  return new CardeaError('cannot-listen', what, { source: 'internal', cause: error, remedy });
}
