import { suggest } from './suggestion.ts';

describe('suggest', () => {
  it('finds the word that was meant', () => {
    expect(suggest('StripPrefx', ['PrefixPath', 'StripPrefix', 'SetPath'])).toBe('StripPrefix');
    expect(suggest('gatway', ['gateway', 'registry'])).toBe('gateway');
  });

  it('stays silent when nothing is close', () => {
    expect(suggest('Teleport', ['PrefixPath', 'StripPrefix'])).toBeUndefined();
  });
});
