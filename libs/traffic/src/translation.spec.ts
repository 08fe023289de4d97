import { cluster, route } from './builders.ts';
import { FORWARDING_DEFAULTS } from './defaults.ts';
import { mergeTranslations, type Translation } from './translation.ts';

const ALL = ['0.0.0.0/0', '::/0'];

function translation(parts: Partial<Translation>): Translation {
  return { routes: [], clusters: [], problems: [], ...parts };
}

it('keeps the order of dialects and one cluster of each id', () => {
  const problem = { severity: 'warning', code: 'c', message: 'm' } as const;
  const config = mergeTranslations(
    [
      translation({
        routes: [route({ id: 'a' })],
        clusters: [cluster({ id: 'x', connectTimeoutMs: 1 })],
        problems: [problem],
      }),
      translation({ routes: [route({ id: 'b' })], clusters: [cluster({ id: 'x' }), cluster({ id: 'y' })] }),
    ],
    [{ ...problem, code: 'before' }],
  );
  expect(config.routes.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(config.clusters.map(({ id, connectTimeoutMs }) => [id, connectTimeoutMs])).toEqual([
    ['x', 1],
    ['y', 2000],
  ]);
  expect(config.problems.map(({ code }) => code)).toEqual(['before', 'c']);
  expect(config.forwarding).toEqual(FORWARDING_DEFAULTS);
  expect(config.version).toMatch(/^[0-9a-f]{16}$/);
});

it.each([
  [ALL, [], []],
  [['10.0.0.0/8'], ALL, ['10.0.0.0/8']],
  [['10.0.0.0/8', '::1/128'], ['10.0.0.0/8'], ['10.0.0.0/8']],
  [ALL, ALL, ALL],
])('believes of %j and %j only who both believe', (a, b, trustedProxies) => {
  const none = { for: false, host: false, port: false, proto: false, prefix: false };
  const one = { trustedProxies: a, xForwarded: { ...none, for: true }, forwarded: false };
  const other = { trustedProxies: b, xForwarded: { ...none, port: true }, forwarded: true };
  const merged = mergeTranslations([
    translation({ forwarding: one }),
    translation({ forwarding: other }),
    translation({}),
  ]);
  expect(merged.forwarding).toEqual({
    trustedProxies,
    xForwarded: { ...none, for: true, port: true },
    forwarded: true,
  });
});
