import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnapshotLeaseStore } from '#engines/memory';
import { Journal, type JournalEntry } from '#kernel';
import { LeaseRegistry } from '#registry';
import { instanceInfo, ManualClock } from '#testing';
import { startRegistry } from './registry.app.ts';
import { recordSelfPreservation, storeEntry } from './registry-journal.ts';
import { DEFAULT_REGISTRY_SETTINGS } from './registry-settings.ts';

let told: JournalEntry[];
let journal: Journal;
let folder: string;

beforeEach(() => {
  told = [];
  journal = new Journal((entry) => told.push(entry));
  folder = mkdtempSync(join(tmpdir(), 'cardea-registry-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lines = () => told.splice(0).map(({ level, event, message }) => `${level} ${event}: ${message}`);

it('tells once that self-preservation holds leases, and once that it holds none any more', () => {
  const clock = new ManualClock();
  const registry = new LeaseRegistry(clock);
  const stop = recordSelfPreservation(registry, journal);
  for (let id = 0; id < 20; id++) registry.register(instanceInfo({ id: `i${id}`, durationMs: 30_000 }));
  clock.advance(31_000);
  expect(registry.heldLeases.size).toBe(20);
  expect(lines()).toEqual([
    'warn self-preservation-on: self-preservation is on: 20 of 20 leases stopped renewing at once (limit 3); what went silent is kept until it renews or the limit passes',
  ]);
  const { app } = instanceInfo({});
  for (let id = 0; id < 20; id++) registry.renew(app, `i${id}`);
  registry.cancel(app, 'i0');
  expect(lines()).toEqual([
    'info self-preservation-off: self-preservation is off: no lease is held any more, 20 are in force',
  ]);
  stop();
  registry.close();
});

it('tells that the snapshot cannot be written, and that it can again', async () => {
  const clock = new ManualClock();
  const target = join(folder, 'registry');
  writeFileSync(target, 'a file where a folder should be');
  const store = new SnapshotLeaseStore({
    folder: target,
    clock,
    onState: (state) => journal.record(storeEntry(state)),
  });
  const registry = new LeaseRegistry(clock, {}, store);
  await store.open();
  registry.register(instanceInfo({ id: 'a' }));
  await store.flush();
  registry.register(instanceInfo({ id: 'b' }));
  await store.flush();
  expect(lines()).toEqual([expect.stringMatching(/^error snapshot-[\w-]+: .*registry/)]);
  rmSync(target);
  await store.flush();
  expect(lines()).toEqual(['info snapshot-good-again: the snapshot of the registry is written again']);
  registry.close();
  await store.close();
});

it('tells how many leases it took up at a start', async () => {
  const settings = { ...DEFAULT_REGISTRY_SETTINGS, server: { port: 0, address: '127.0.0.1' }, dataDir: folder };
  const first = await startRegistry(settings, { journal });
  first.registry.register(instanceInfo({ id: 'a' }));
  first.registry.register(instanceInfo({ id: 'b' }));
  await first.close();
  expect(lines()).toEqual([]);
  await (await startRegistry(settings, { journal })).close();
  expect(lines()).toEqual(['info leases-restored: took up 2 leases of the last run from the snapshot']);
});
