import type { Match, NamedMatch, TextMatch } from '../match.ts';

/** A match in one line: `Path /a/** and Method GET, PUT and not Header X`. */
export function describeMatch(match: Match): string {
  const parts: string[] = [];
  const add = (name: string, items: readonly string[] | undefined) => {
    if (items !== undefined) parts.push(`${name} ${items.join(', ')}`);
  };
  add(
    'Host',
    match.hosts?.map(({ value }) => value),
  );
  add(
    'Path',
    match.paths?.map(({ kind, value }) => (kind === 'regex' ? `~${value}` : value)),
  );
  add(
    'except',
    match.exceptPaths?.map(({ value }) => value),
  );
  add('Method', match.methods);
  for (const [name, items] of [
    ['Header', match.headers],
    ['Query', match.query],
    ['Cookie', match.cookies],
  ] as const)
    for (const item of items ?? []) parts.push(describeNamed(name, item));
  add(match.remoteAddresses?.source === 'client' ? 'client address' : 'peer address', match.remoteAddresses?.cidrs);
  if (match.time?.after !== undefined) parts.push(`after ${new Date(match.time.after).toISOString()}`);
  if (match.time?.before !== undefined) parts.push(`before ${new Date(match.time.before).toISOString()}`);
  if (match.weight !== undefined) parts.push(`weight ${match.weight.weight} in ${match.weight.group}`);
  return parts.length === 0 ? 'every request' : parts.join(' and ');
}

function describeNamed(kind: string, { name, match, invert }: NamedMatch): string {
  return `${invert === true ? 'not ' : ''}${kind} ${name}${describeText(match)}`;
}

function describeText(match: TextMatch): string {
  switch (match.kind) {
    case 'present':
      return '';
    case 'exact':
      return `=${match.value}`;
    case 'prefix':
      return `=${match.value}…`;
    case 'regex':
      return `~${match.value}`;
    default:
      return '';
  }
}
