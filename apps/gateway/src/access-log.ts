import { requestFinished } from '#dataplane';
import { CardeaError } from '#kernel';
import { AccessLog, envoyFormat, jsonFormat } from '#telemetry';

export interface AccessLogSettings {
  /** `off`, `stdout` or a file. */
  readonly accessLog: string;
  readonly accessLogFormat: string;
}

/** Refuses a format with something that would be written as `-` in every line. */
export function checkAccessLog({ accessLog, accessLogFormat }: AccessLogSettings): void {
  if (accessLog === 'off' || accessLogFormat === 'json') return;
  const { unknown } = envoyFormat(accessLogFormat);
  if (unknown.length === 0) return;
  const faults = unknown.map(
    ({ operator, position, remedy }) =>
      `cardea.access-log.format: "${operator}" at character ${position} is not known; ${remedy}`,
  );
  throw new CardeaError('bad-setting', faults.join('\n'), { source: 'downstream' });
}

/** Writes the requests of this process to the access log, if there is one. Answers how to stop. */
export function startAccessLog({ accessLog, accessLogFormat }: AccessLogSettings): () => Promise<void> {
  if (accessLog === 'off') return async () => undefined;
  const format = accessLogFormat === 'json' ? jsonFormat : envoyFormat(accessLogFormat).format;
  const log = new AccessLog(accessLog === 'stdout' ? 'stdout' : { file: accessLog }, format);
  requestFinished.subscribe(log.onRequest);
  return async () => {
    requestFinished.unsubscribe(log.onRequest);
    await log.close();
  };
}
