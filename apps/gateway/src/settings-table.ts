import { availableParallelism } from 'node:os';
import { CardeaError, formatProblem } from '#kernel';
import {
  ALL_TABLES,
  GATEWAY_SETTINGS,
  loadSettings,
  MANAGEMENT_SETTINGS,
  PROCESS_SETTINGS,
  type SettingsOf,
} from '#settings';
import type { GatewaySettings } from './gateway-settings.ts';

type Values = SettingsOf<typeof GATEWAY_SETTINGS & typeof MANAGEMENT_SETTINGS & typeof PROCESS_SETTINGS>;

/** What was read, as the gateway takes it. */
export function gatewaySettingsOf(values: Values): GatewaySettings {
  return { ...values, workers: workersOf(values.workers) };
}

function workersOf(text: string): number {
  const workers = text === 'auto' ? availableParallelism() : Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= 256) return workers;
  throw new CardeaError('bad-setting', `cardea.gateway.workers: "${text}" is no number of processes`, {
    source: 'downstream',
    remedy: 'give a number from 1 to 256, or auto',
  });
}

/** Settings of a gateway that is a process of its own, from its command line and environment. */
export function readGatewaySettings(
  args: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): GatewaySettings {
  const input = {
    args,
    ...(environment && { environment }),
    readFile(path: string): never {
      throw new CardeaError('bad-argument', `${path} is not read here`, {
        source: 'downstream',
        remedy: 'start the gateway with `cardea gateway --config FILE`',
      });
    },
  };
  const schema = { ...PROCESS_SETTINGS, ...GATEWAY_SETTINGS, ...MANAGEMENT_SETTINGS };
  const { values, problems } = loadSettings(schema, input, ALL_TABLES);
  if (problems.length > 0) {
    const remedy = 'correct it and start again';
    throw new CardeaError('bad-setting', problems.map(formatProblem).join('\n'), { source: 'downstream', remedy });
  }
  return gatewaySettingsOf(values);
}
