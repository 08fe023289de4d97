import type { InstanceView } from './wire.ts';
import type { Entry } from './instance-set.ts';

export type StatusChoice = 'all' | 'up' | 'not-up' | 'held';

export const STATUS_CHOICES: readonly (readonly [StatusChoice, string])[] = [
  ['all', 'All'],
  ['up', 'Up'],
  ['not-up', 'Not up'],
  ['held', 'Held'],
];

const STATUS_TESTS: Readonly<Record<StatusChoice, (view: InstanceView) => boolean>> = {
  all: () => true,
  up: (view) => view.status === 'UP',
  'not-up': (view) => view.status !== 'UP',
  held: (view) => Boolean(view.held),
};

const FIELDS: Readonly<Record<string, (view: InstanceView) => string>> = {
  service: (view) => view.service,
  status: (view) => view.status,
  zone: (view) => view.zone ?? '',
  host: (view) => view.host,
  port: (view) => String(view.port),
  id: (view) => view.id,
  protocol: (view) => view.protocol ?? '',
  weight: (view) => String(view.weight ?? 1),
};

/** How many instances each choice of status would leave of those that the query finds. */
export function countChoices(entries: readonly Entry[], query: string): Record<StatusChoice, number> {
  const counts = { all: 0, up: 0, 'not-up': 0, held: 0 };
  const found = compileFilter(query, 'all');
  for (const entry of entries) {
    if (!found(entry)) continue;
    counts.all += 1;
    counts[entry.view.status === 'UP' ? 'up' : 'not-up'] += 1;
    if (entry.view.held) counts.held += 1;
  }
  return counts;
}

type Test = (entry: Entry) => boolean;

/**
 * Words that must all occur, anywhere: `orders eu-1`. `field:value` looks into one field (`zone:eu-1a`, `status:down`);
 * a field that instances do not have is a metadata key (`version:2`).
 */
export function compileFilter(query: string, status: StatusChoice): Test {
  const tests = query.toLowerCase().split(/\s+/).filter(Boolean).map(compileWord);
  const hasStatus = STATUS_TESTS[status];
  return (entry) => hasStatus(entry.view) && tests.every((test) => test(entry));
}

function compileWord(word: string): Test {
  const colon = word.indexOf(':');
  const name = word.slice(0, colon);
  const wanted = word.slice(colon + 1);
  // `10.0.0.1:8080` is an address, not a field.
  if (colon <= 0 || !/^[a-z_-]+$/.test(name) || wanted === '') return (entry) => entry.haystack.includes(word);
  const field = FIELDS[name];
  if (field) return (entry) => field(entry.view).toLowerCase().includes(wanted);
  return (entry) => entry.haystack.includes(word) || metadataOf(entry.view, name).toLowerCase().includes(wanted);
}

function metadataOf(view: InstanceView, name: string): string {
  const entry = Object.entries(view.metadata ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1] ?? '';
}
