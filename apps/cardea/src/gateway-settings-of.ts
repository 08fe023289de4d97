import { availableParallelism } from 'node:os';
import { CardeaError } from '#kernel';
import type { GATEWAY_SETTINGS, MANAGEMENT_SETTINGS, PROCESS_SETTINGS, SettingsOf } from '#settings';
import type { GatewaySettings } from '../../gateway/src/gateway-settings.ts';

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
