import { FaultJournal } from './fault-journal.ts';
import { Journal, type JournalEntry, silentJournal } from './journal.ts';

it('tells each kind of fault once, with where it came from, and not without end', () => {
  const told: JournalEntry[] = [];
  const faults = new FaultJournal(new Journal((entry) => told.push(entry)), 'registry');
  const fault = new Error('boom');
  for (let count = 0; count < 1_000; count++) faults.record(fault, 'a GET request');
  expect(told.map(({ level, message }) => `${level} ${message}`)).toEqual([
    expect.stringMatching(/^error a GET request failed: boom \(at .*fault-journal\.spec.*\); told once$/),
  ]);
  faults.record('a text', 'a POST request');
  expect(told.at(-1)?.message).toBe('a POST request failed: a text; told once');
  for (let count = 0; count < 1_000; count++) faults.record(`kind ${count}`, 'a GET request');
  expect(told).toHaveLength(100);
  new FaultJournal(silentJournal, 'registry').record(fault, 'nothing');
});
