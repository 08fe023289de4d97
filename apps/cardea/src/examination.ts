import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { formatLocation, formatProblem } from '#kernel';
import { readSettings } from '#settings';
import { readConfigFiles } from './config-repo/repository.ts';
import { UP_SCHEMA } from './up-schema.ts';

export interface Finding {
  readonly verdict: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly remedy?: string;
}

/** Looks at everything that `cardea up` with these settings will need. Changes nothing. */
export async function examine(args: readonly string[]): Promise<readonly Finding[]> {
  const { values, problems, ignored } = readSettings(UP_SCHEMA, { args });
  const ports: readonly [string, string, number][] = [
    ['server.port', values.address, values.port],
    ['management.server.port', values.managementAddress, values.managementPort],
    ['cardea.registry.port', values.registryAddress, values.registryPort],
    ['cardea.config-server.port', values.configServerAddress, values.configServerPort],
  ];
  return [
    { verdict: 'good', what: `runtime ${process.version} on ${process.platform} ${process.arch}` },
    ...problems.map((problem): Finding => ({ verdict: 'bad', what: formatProblem(problem) })),
    ...ignored.map(({ key, location }): Finding => ({
      verdict: 'note',
      what: `${location === undefined ? '' : `${formatLocation(location)}: `}${key} is not a setting of Cardea and is ignored`,
    })),
    ...(await Promise.all(ports.map((port) => examinePort(...port)))),
    examineDataDir(values.dataDir),
    ...examineConfigRepo(values.configRepo),
  ];
}

async function examinePort(key: string, address: string, port: number): Promise<Finding> {
  const probe = createServer();
  try {
    await new Promise<void>((done, failed) => {
      probe.once('error', failed);
      probe.listen(port, address, done);
    });
    return { verdict: 'good', what: `${key} ${port} of ${address} is free` };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    const what = code === 'EADDRINUSE' ? `${key} ${port} of ${address} is taken` : `${key} ${port}: ${String(error)}`;
    return { verdict: 'bad', what, remedy: `stop what listens there, or choose another: --${key}=${port + 1}` };
  } finally {
    if (probe.listening) await new Promise((done) => void probe.close(done));
  }
}

function examineDataDir(folder: string): Finding {
  let present = resolve(folder);
  while (!existsSync(present) && dirname(present) !== present) present = dirname(present);
  try {
    accessSync(present, constants.W_OK);
    return { verdict: 'good', what: `${folder} can be written` };
  } catch {
    const remedy = 'give this user the right to, or name another folder: --cardea.data-dir=FOLDER';
    return { verdict: 'bad', what: `${folder} cannot be written`, remedy };
  }
}

function examineConfigRepo(folder: string): readonly Finding[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const remedy = 'create it with a gateway.yml in it, or name another: --cardea.config-repo=FOLDER';
    return [{ verdict: 'bad', what: `there is no folder ${folder}`, remedy }];
  }
  const files = readConfigFiles(folder);
  return [
    { verdict: 'good', what: `${folder} holds ${files.length} configuration files` },
    ...files.flatMap((file) =>
      file.problems.map((problem): Finding => ({ verdict: 'bad', what: formatProblem(problem) })),
    ),
  ];
}
