import type { Property } from '../property-source.ts';
import type { Environment } from './environment.ts';
import { explainKey } from './explain-key.ts';

const at = (value: Property['value'], file: string, line: number): Property => ({
  value,
  origin: { file, line, column: 3 },
});

const environment: Environment = {
  name: 'shop',
  profiles: ['default'],
  label: null,
  version: 'abc',
  state: '',
  propertySources: [
    { name: 'overrides', properties: new Map([['own', { value: 'x' }]]) },
    {
      name: 'shop.yml',
      properties: new Map([
        ['max-age', at('${base}0', 'shop.yml', 2)],
        ['hosts[0]', at('a', 'shop.yml', 3)],
        ['pw', { ...at('s', 'shop.yml', 9), decrypted: true }],
      ]),
    },
    {
      name: 'application.yml',
      properties: new Map([
        ['maxAge', at(5, 'application.yml', 7)],
        ['base', at(4, 'application.yml', 8)],
        ['hosts[0]', at('b', 'application.yml', 1)],
        ['hosts[1]', at('c', 'application.yml', 1)],
      ]),
    },
  ],
};

describe('explainKey', () => {
  it('names the winner, the losers in any spelling, and fills placeholders', () => {
    expect(explainKey(environment, 'maxAge')).toEqual({
      key: 'maxAge',
      version: 'abc',
      winner: { key: 'max-age', value: '${base}0', resolved: '40', source: 'shop.yml', location: 'shop.yml:2:3' },
      losers: [{ key: 'maxAge', value: '5', source: 'application.yml', location: 'application.yml:7:3' }],
    });
    expect(explainKey(environment, 'own').winner).toMatchObject({ source: 'overrides', location: null });
    expect(explainKey(environment, 'pw').winner).toMatchObject({ decrypted: true });
  });

  it('knows that a stronger list replaces a weaker one whole', () => {
    expect(explainKey(environment, 'hosts[1]')).toMatchObject({
      winner: null,
      losers: [{ value: 'c', source: 'application.yml', replacedBy: 'shop.yml' }],
    });
    expect(explainKey(environment, 'hosts[0]')).toMatchObject({
      winner: { value: 'a' },
      losers: [{ value: 'b', replacedBy: 'shop.yml' }],
    });
  });

  it('suggests a key that exists', () => {
    expect(explainKey(environment, 'max-aeg')).toEqual({
      key: 'max-aeg',
      version: 'abc',
      winner: null,
      losers: [],
      suggestion: 'max-age',
    });
  });
});
