import { ManualClock } from '#testing';
import { Journal, type JournalEntry } from './journal.ts';
import { LinkJournal, shownUrl, spanText } from './link-journal.ts';
import type { Problem } from './problem.ts';

let entries: JournalEntry[];
let journal: Journal;

beforeEach(() => {
  entries = [];
  journal = new Journal((entry) => entries.push(entry));
});
const lines = () => entries.splice(0).map(({ level, event, message }) => `${level} ${event}: ${message}`);

describe('Journal', () => {
  const problem = (message: string, more: Partial<Problem> = {}): Problem => ({
    severity: 'error',
    code: 'c',
    message,
    ...more,
  });

  it('tells each problem once while it lasts, whichever part sees it', () => {
    const location = { file: 'a.yml', line: 3, column: 5 };
    journal.problems('config-server', [problem('x', { location, remedy: 'do y', subject: 's' })]);
    expect(entries[0]?.details).toEqual({ code: 'c', subject: 's', file: 'a.yml', line: 3, column: 5 });
    expect(lines()).toEqual(['error problem: a.yml:3:5: x; do y']);
    journal.problems('gateway', [
      problem('x', { location, remedy: 'do y', subject: 's' }),
      problem('z', { severity: 'warning' }),
    ]);
    expect(lines()).toEqual(['warn problem: z']);
    journal.problems('gateway', [problem('z', { severity: 'warning' })]);
    journal.problems('config-server', []);
    expect(lines()).toEqual([]);
    journal.problems('gateway', [problem('x', { location, remedy: 'do y' })]);
    expect(lines()).toEqual(['error problem: a.yml:3:5: x; do y']);
  });
});

describe('LinkJournal', () => {
  const clock = new ManualClock();
  const link = () =>
    new LinkJournal(journal, clock, {
      part: 'gateway',
      name: 'registry',
      subject: 'the registry',
      consequence: () => 'it is tried on',
    });

  it('tells once that something is lost and why, and how long it was away', () => {
    const subject = link();
    subject.up();
    expect(lines()).toEqual(['debug registry-followed: the registry is followed']);
    for (let attempt = 0; attempt < 3; attempt++) subject.down('connection refused');
    subject.down(undefined);
    expect(subject.reason).toBe('connection refused');
    clock.advance(65_000);
    subject.down('it answers 500');
    subject.down('connection refused');
    subject.up();
    subject.up();
    expect(subject.reason).toBeUndefined();
    expect(lines()).toEqual([
      'warn registry-lost: the registry is lost: connection refused; it is tried on',
      'warn registry-lost: the registry is lost: it answers 500; it is tried on',
      'info registry-regained: the registry is back after 1 min 5 s',
    ]);
  });

  it('does not tell reasons without end', () => {
    const subject = link();
    for (let attempt = 0; attempt < 100; attempt++) subject.down(`reason ${attempt}`);
    expect(lines()).toHaveLength(5);
    subject.up();
    expect(lines()).toEqual(['info registry-regained: the registry is there after 0 ms']);
  });

  it.each([
    [999, '999 ms'],
    [12_400, '12 s'],
    [180_000, '3 min'],
    [7_800_000, '2 h 10 min'],
    [7_200_000, '2 h'],
  ])('%d ms are %s', (ms, text) => expect(spanText(ms)).toBe(text));
});

it.each([
  ['http://me:secret@h:1/a@b', 'http://h:1/a@b'],
  ['http://h:1/a@b', 'http://h:1/a@b'],
])('%s is shown as %s', (url, shown) => expect(shownUrl(url)).toBe(shown));
