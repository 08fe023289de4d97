import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaseStoreContract, storedLease } from '#engines/contract';
import type { LeaseStoreState } from '#registry';
import { ManualClock } from '#testing';
import { decodeSnapshot, snapshotPieces } from './snapshot-format.ts';
import { SnapshotLeaseStore } from './snapshot-lease-store.ts';

let folder: string;
const file = (): string => join(folder, 'leases.snapshot');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-snapshot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('contract: snapshot on disk', () => {
  leaseStoreContract({
    create: () => new SnapshotLeaseStore({ folder: join(folder, 'registry') }),
    reset: () => {
      rmSync(join(folder, 'registry'), { recursive: true, force: true });
      return Promise.resolve();
    },
  });
});

async function written(ids: readonly string[], into = folder): Promise<void> {
  const store = new SnapshotLeaseStore({ folder: into });
  await store.open();
  for (const id of ids) {
    store.put(storedLease({ id }));
    await store.flush();
  }
  await store.close();
}

async function ids(): Promise<readonly string[]> {
  const store = new SnapshotLeaseStore({ folder });
  const { leases } = await store.open();
  await store.close();
  return leases.map((lease) => lease.info.id);
}

describe('the file', () => {
  it('is detected when torn at any place, and the one before it is used', async () => {
    await written(['a', 'b']);
    const whole = readFileSync(file());
    for (let length = 0; length < whole.length; length += 41) {
      writeFileSync(file(), whole.subarray(0, length));
      const store = new SnapshotLeaseStore({ folder });
      const { leases } = await store.open();
      expect(leases.map((lease) => lease.info.id)).toEqual(['a']);
      expect(store.state).toMatchObject({ state: 'degraded', problem: { code: 'snapshot-torn' } });
    }
    expect.assertions(2 * Math.ceil(whole.length / 41));
  });

  it('is detected when one byte changed', async () => {
    await written(['a', 'b']);
    const bytes = readFileSync(file());
    bytes[bytes.length - 140] = (bytes[bytes.length - 140] ?? 0) ^ 1;
    writeFileSync(file(), bytes);
    expect(await ids()).toEqual(['a']);
  });

  it('of another version is left alone', () => {
    const text = [...snapshotPieces([], 1)].join('').replace('"version":1', '"version":9');
    expect(decodeSnapshot(text)).toEqual({ ok: false, fault: 'its version 9 is not known here' });
  });

  it('is replaced by the previous one when the process died between the two renames', async () => {
    await written(['a', 'b']);
    rmSync(file());
    expect(await ids()).toEqual(['a']);
  });

  it('starts empty, and says so, when both are useless', async () => {
    writeFileSync(file(), 'nonsense');
    writeFileSync(`${file()}.previous`, '{"format":"other"}\n');
    const store = new SnapshotLeaseStore({ folder });
    expect((await store.open()).leases).toEqual([]);
    expect(store.state.problem?.message).toContain('started with no instances');
  });

  it('is readable by its owner alone', async () => {
    await written(['a']);
    expect(statSync(file()).mode & 0o077).toBe(0);
  });
});

describe('when it writes', () => {
  const settled = (store: SnapshotLeaseStore): Promise<void> => store.flush();

  it('waits for more changes, but not longer than its delay', async () => {
    const clock = new ManualClock();
    const store = new SnapshotLeaseStore({ folder, clock, delayMs: 500 });
    await store.open();
    store.put(storedLease({ id: 'a' }));
    clock.advance(400);
    store.put(storedLease({ id: 'b' }));
    expect(existsSync(file())).toBe(false);
    clock.advance(100);
    await settled(store);
    expect(await ids()).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
    await store.close();
  });

  it('takes its time with renewals', async () => {
    const clock = new ManualClock();
    const store = new SnapshotLeaseStore({ folder, clock, delayMs: 500, renewalDelayMs: 15_000 });
    await store.open();
    store.put(storedLease({ id: 'a' }));
    clock.advance(500);
    await settled(store);
    const before = readFileSync(file(), 'utf8');
    store.renew('ORDERS', 'a', 1, 2);
    clock.advance(14_000);
    expect(readFileSync(file(), 'utf8')).toBe(before);
    clock.advance(1_000);
    await settled(store);
    expect(readFileSync(file(), 'utf8')).toContain('\n[1,2,{');
    await store.close();
  });

  it('says that the disk fails, goes on, and says when it works again', async () => {
    const states: LeaseStoreState[] = [];
    const clock = new ManualClock();
    const target = join(folder, 'registry');
    writeFileSync(target, 'a file where the folder should be');
    const store = new SnapshotLeaseStore({ folder: target, clock, onState: (state) => states.push(state) });
    await store.open();
    store.put(storedLease({ id: 'a' }));
    clock.advance(500);
    await settled(store).catch(() => undefined);
    expect(states.map(({ state }) => state)).toEqual(['degraded']);
    rmSync(target);
    clock.advance(5_000);
    await settled(store);
    expect(states.map(({ state }) => state)).toEqual(['degraded', 'ok']);
    expect((await new SnapshotLeaseStore({ folder: target }).open()).leases).toHaveLength(1);
    await store.close();
  });
});

/** Writes a snapshot of 200 leases over and over, and a line for each. */
const WRITER = `
  import { SnapshotLeaseStore } from '#engines/memory';
  const store = new SnapshotLeaseStore({ folder: process.argv[1] });
  await store.open();
  const info = { app: 'ORDERS', metadata: { text: 'x'.repeat(2000) } };
  for (let round = 0; ; round++) {
    for (let i = 0; i < 200; i++) {
      store.put({ info: { ...info, id: 'n' + i, lastDirtyAt: round }, lastRenewalAt: 1, expiresAt: 2 });
    }
    await store.flush();
    process.stdout.write('written\\n');
  }
`;

it('survives kill -9 while it writes: the snapshot is whole', async () => {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', WRITER];
  for (const rounds of [1, 3, 8]) {
    const child = spawn(process.execPath, [...args, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let lines = 0;
    for await (const chunk of child.stdout) {
      lines += String(chunk).split('\n').length - 1;
      if (lines >= rounds) break;
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(lines).toBeGreaterThanOrEqual(rounds);
    const store = new SnapshotLeaseStore({ folder });
    const { leases } = await store.open();
    expect(leases).toHaveLength(200);
    expect(new Set(leases.map((lease) => lease.info.lastDirtyAt)).size).toBe(1);
    expect(store.state.state).toBe('ok');
  }
});
