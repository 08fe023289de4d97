import { availableParallelism } from 'node:os';
import { CardeaError } from '#kernel';
import { fetchEnvironment } from '#protocols/config-api';
import {
  openPorts,
  GATEWAY_SETTINGS,
  MANAGEMENT_SETTINGS,
  PROCESS_SETTINGS,
  readSettingsWithRemote,
  requireSound,
  type RemoteState,
  type SettingsOf,
} from '#settings';
import type { JournalForm } from '#telemetry';
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

/** A gateway that is a process of its own knows these. */
export const GATEWAY_ALONE = { ...PROCESS_SETTINGS, ...GATEWAY_SETTINGS, ...MANAGEMENT_SETTINGS } as const;

/** Settings of a gateway that is a process of its own: command line, environment, `--config` files, config server. */
export async function readGatewaySettings(
  args: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<{
  readonly settings: GatewaySettings;
  readonly remote: RemoteState | undefined;
  readonly log: JournalForm;
}> {
  const request = {
    args,
    ...(environment && { environment }),
    fetchEnvironment,
    application: GATEWAY_SETTINGS.name.fallback,
  };
  const { values, origins, remote } = requireSound(await readSettingsWithRemote(GATEWAY_ALONE, request));
  const addresses = { 'server.address': values.address, 'management.server.address': values.managementAddress };
  requireSound({ problems: openPorts(values.insecure, addresses) });
  const log = { format: values.logFormat, level: values.logLevel };
  return { settings: followingSettingsServer(gatewaySettingsOf(values), origins, remote), remote, log };
}

/** Routes come from where the settings came from, unless another config server is named for them. */
export function followingSettingsServer(
  settings: GatewaySettings,
  origins: ReadonlyMap<string, unknown>,
  remote: RemoteState | undefined,
): GatewaySettings {
  if (remote === undefined || origins.has(GATEWAY_SETTINGS.configUrl.key)) return settings;
  return { ...settings, configUrl: remote.url };
}
