import { lstat, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface SettledFile {
  readonly content: Buffer;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

/** A file written this short a time ago may be half there: editors truncate before they write. */
const SETTLE_MS = 60;
/** What is empty was most likely truncated by somebody who has not come to writing yet. */
const EMPTY_SETTLE_MS = 1_000;
/** A file that never rests is read as it is, though never as an empty one. */
const MAX_WAITS = 10;

/** Content of a file once nobody has written to it for a moment. Throws what reading it throws. `wait` is for tests. */
export async function readSettledFile(
  path: string,
  wait: (ms: number) => Promise<unknown> = delay,
): Promise<SettledFile> {
  for (let waits = 0; ; waits++) {
    const content = await readFile(path);
    const { mtimeMs: modifiedAt } = await lstat(path);
    const age = Date.now() - modifiedAt;
    const empty = content.length === 0;
    // A time in the future is a clock that was set back, not a writer.
    const settled = age < 0 || age >= (empty ? EMPTY_SETTLE_MS : SETTLE_MS);
    if (settled || (waits >= MAX_WAITS && !empty)) return { content, modifiedAt };
    await wait(SETTLE_MS - (empty ? 0 : age));
  }
}
