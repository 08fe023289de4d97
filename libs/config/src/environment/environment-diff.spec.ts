import type { Property } from '../property-source.ts';
import type { Environment } from './environment.ts';
import { diffEnvironments } from './environment-diff.ts';

function environmentOf(...sources: Readonly<Record<string, string>>[]): Environment {
  const propertySources = sources.map((source, index) => ({
    name: `${index}`,
    properties: new Map(
      Object.entries(source).map(([key, value], line): [string, Property] => [
        key,
        {
          value,
          origin: { file: `${index}.yml`, line: line + 1, column: 1 },
          ...(key === 'pw' ? { decrypted: true as const } : {}),
        },
      ]),
    ),
  }));
  return { name: 'a', profiles: ['default'], label: null, version: null, state: null, propertySources };
}

it('tells effective values that changed, came and went, and keeps secrets', () => {
  const from = environmentOf({ a: '1', pw: 'old', 'l[0]': 'x' }, { a: '0', gone: 'g', same: 's', 'l[1]': 'y' });
  const to = environmentOf({ pw: 'new', 'l[0]': 'x', same: 's' }, { a: '0', came: 'c', same: 't' });
  expect(diffEnvironments(from, to)).toEqual([
    { key: 'a', from: '1', to: '0', location: '1.yml:1:1' },
    { key: 'came', from: null, to: 'c', location: '1.yml:2:1' },
    { key: 'gone', from: 'g', to: null, location: '1.yml:2:1' },
    { key: 'pw', from: '(encrypted)', to: '(encrypted)', location: '0.yml:1:1' },
  ]);
  expect(diffEnvironments(from, from)).toEqual([]);
});
