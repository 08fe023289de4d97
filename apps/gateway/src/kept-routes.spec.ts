import { cluster, endpoint, route, trafficConfig, type Route } from '#traffic';
import { keepBroken } from './kept-routes.ts';

const to = (id: string, target = id): Route => route({ id, action: { kind: 'forward', cluster: target } });
const at = (id: string, port: number) =>
  cluster({ id, endpoints: { kind: 'static', endpoints: [endpoint({ host: '127.0.0.1', port })] } });
const error = (subject: string) => ({ severity: 'error', code: 'x', message: `${subject} is wrong`, subject }) as const;

const BEFORE = trafficConfig({
  routes: [to('a'), to('b'), to('c'), to('d')],
  clusters: [at('a', 1), at('b', 2), at('c', 3), at('d', 4)],
});
const ids = ({ routes }: { readonly routes: readonly Route[] }) => routes.map(({ id }) => id);

describe('keepBroken', () => {
  it('puts the valid version at its old place, with its cluster, and says so', () => {
    const next = trafficConfig({
      routes: [to('a'), to('c'), to('new')],
      clusters: [at('a', 1), at('c', 3), at('new', 9)],
      problems: [error('b'), { ...error('b'), severity: 'warning' }, error('other')],
    });
    const kept = keepBroken(next, new Set(['b', 'other']), BEFORE);
    expect(ids(kept)).toEqual(['a', 'b', 'c', 'new']);
    expect(kept.clusters.find(({ id }) => id === 'b')).toEqual(at('b', 2));
    expect(kept.problems.map(({ message }) => message)).toEqual([
      'b is wrong (the version before is served)',
      'b is wrong',
      'other is wrong',
    ]);
    expect(kept.version).not.toBe(next.version);
  });

  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['b', 'c', 'd'], ['a'], ['a', 'b', 'c', 'd']],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['a', 'b', 'c', 'd'],
    ],
    [['a', 'b', 'c', 'd'], [], ['a', 'b', 'c', 'd']],
    [['a', 'b', 'c', 'd'], ['x'], ['x', 'a', 'b', 'c', 'd']],
    [['c'], ['d', 'b', 'a'], ['d', 'b', 'c', 'a']],
  ])('%j broken, %j good: %j', (broken, good, order) => {
    const next = trafficConfig({ routes: good.map((id) => to(id)), clusters: good.map((id) => at(id, 7)) });
    expect(ids(keepBroken(next, new Set(broken), BEFORE))).toEqual(order);
  });

  it('leaves out what is gone, what never was good, and everything without a past', () => {
    const next = trafficConfig({ routes: [to('a')], clusters: [at('a', 1)], problems: [error('never')] });
    expect(keepBroken(next, new Set(['never']), BEFORE)).toBe(next);
    expect(keepBroken(next, new Set(['b']), undefined)).toBe(next);
  });

  it('keeps its own cluster when others have come to use another one of that name', () => {
    const next = trafficConfig({ routes: [to('n', 'b')], clusters: [at('b', 8)] });
    const kept = keepBroken(next, new Set(['b']), BEFORE);
    const targets = kept.routes.map(({ action }) => (action.kind === 'forward' ? action.cluster : ''));
    expect(targets).toEqual(['b', 'b.before']);
    expect(kept.clusters).toEqual([at('b', 8), { ...at('b', 2), id: 'b.before' }]);
    // An edit later it is still the one that it was.
    const again = keepBroken(next, new Set(['b']), kept);
    expect(again.version).toBe(kept.version);
  });

  it('has its old cluster although the broken edit names another one, when nobody else uses that', () => {
    const next = trafficConfig({ clusters: [at('b', 8)] });
    expect(keepBroken(next, new Set(['b']), BEFORE).clusters).toEqual([at('b', 2)]);
  });
});
