import { startRegistry } from './registry.app.ts';
import { DEFAULT_REGISTRY_SETTINGS } from './registry-settings.ts';

const app = await startRegistry(DEFAULT_REGISTRY_SETTINGS);
for (const { name, url } of app.listeners) process.stdout.write(`${name} listens on ${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.drain(10_000).then(() => app.close()));
}
