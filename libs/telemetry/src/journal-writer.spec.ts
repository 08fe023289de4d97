import { PassThrough, Writable } from 'node:stream';
import { Journal } from '#kernel';
import { ManualClock } from '#testing';
import { JournalWriter, recordOpenListeners } from './journal-writer.ts';

const clock = new ManualClock();
const time = new Date(clock.now()).toISOString();
const ENTRY = { level: 'warn', part: 'gateway', event: 'registry-lost', message: 'it is gone' } as const;

function written(format: 'text' | 'json', level: 'info' | 'error' = 'info') {
  const sink = new PassThrough();
  const writer = new JournalWriter({ format, level, sink, clock });
  return { writer, text: () => String(sink.read() ?? '') };
}

describe('JournalWriter', () => {
  it('writes a line for people', () => {
    const { writer, text } = written('text');
    writer.write(ENTRY);
    writer.write({ ...ENTRY, level: 'debug' });
    expect(text()).toBe(`${time} WARN  gateway       it is gone\n`);
  });

  it('lets nobody forge a line or steer a terminal', () => {
    const { writer, text } = written('text');
    writer.write({ ...ENTRY, message: 'a\nb\u001b[2Jc\u0085d\u2028' });
    expect(text()).toBe(`${time} WARN  gateway       a | b\\u001b[2Jc\\u0085d\\u2028\n`);
  });

  it('writes an object per line for machines', () => {
    const { writer, text } = written('json');
    writer.write({ ...ENTRY, details: { reason: 'x\ny' } });
    const line = text();
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line)).toEqual({ ...ENTRY, time, pid: process.pid, details: { reason: 'x\ny' } });
  });

  it('writes nothing below its level', () => {
    const { writer, text } = written('json', 'error');
    writer.write(ENTRY);
    expect(text()).toBe('');
  });

  it('drops what nobody reads, says so later, and survives a reader that goes', () => {
    let release = (): void => undefined;
    const lines: string[] = [];
    const sink = new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        release = done;
      },
    });
    const writer = new JournalWriter({ format: 'text', level: 'info', sink, clock });
    for (let count = 0; count < 2_000; count++) writer.write({ ...ENTRY, message: 'x'.repeat(4_000) });
    expect(writer.dropped).toBeGreaterThan(1_500);
    expect(sink.writableLength).toBeLessThan(1_100_000);
    const { dropped } = writer;
    while (sink.writableLength > 0) release();
    writer.write(ENTRY);
    release();
    expect(lines.at(-2)).toContain(`${dropped} lines are missing here`);
    sink.destroy(new Error('EPIPE'));
    expect(() => writer.write(ENTRY)).not.toThrow();
  });
});

it('tells of listeners that other machines reach', () => {
  const messages: string[] = [];
  const journal = new Journal(({ message }) => messages.push(message));
  const listeners = [
    'http://127.0.0.1:1',
    'http://[::1]:1',
    'http://localhost:1',
    'http://[::]:1',
    'http://10.0.0.1:1',
  ];
  recordOpenListeners(
    journal,
    'gateway',
    listeners.map((url) => ({ name: 'gateway', url })),
  );
  expect(messages).toEqual([
    'gateway listens on http://[::]:1, where other machines reach it',
    'gateway listens on http://10.0.0.1:1, where other machines reach it',
  ]);
});
