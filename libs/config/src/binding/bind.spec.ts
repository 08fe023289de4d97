import type { Property, PropertySource, PropertyValue } from '../property-source.ts';
import { JavaDouble } from '../property-source.ts';
import { bindProperties } from './bind.ts';

function source(name: string, values: Readonly<Record<string, PropertyValue>>): PropertySource {
  const properties = new Map<string, Property>();
  let line = 0;
  for (const [key, value] of Object.entries(values)) {
    line += 1;
    properties.set(key, { value, origin: { file: name, line, column: 7 } });
  }
  return { name, properties };
}

const bind = (...values: Readonly<Record<string, PropertyValue>>[]) =>
  bindProperties(values.map((each, index) => source(`${index}.yml`, each)));

describe('relaxed names', () => {
  it.each(['max-age', 'maxAge', 'max_age', 'MAXAGE', 'MaxAge'])('reads %s by any spelling', (written) => {
    const { root } = bind({ [`a.${written}`]: 5 });
    for (const asked of ['max-age', 'maxAge', 'max_age']) expect(root.integer(`a.${asked}`)).toBe(5);
  });

  it('lets the stronger source win over another spelling', () => {
    const { root } = bind({ 'a.maxAge': 1 }, { 'a.max-age': 2 });
    expect(root.integer('a.max-age')).toBe(1);
    expect(root.at('a.max-age').location).toEqual({ file: '0.yml', line: 1, column: 7 });
  });

  it('keeps map keys exact, in file order, strongest source first', () => {
    const { root } = bind({ 'm.zeta-1': 'a', 'm.alpha': 'b' }, { 'm.zeta_1': 'c', 'm.alpha': 'd' });
    expect(Array.from(root.map('m'))).toEqual([
      ['zeta-1', 'a'],
      ['alpha', 'b'],
      ['zeta_1', 'c'],
    ]);
  });

  it('takes bracketed keys exactly', () => {
    const { root } = bind({ 'm[/a.b/**].x': 1 });
    expect(root.at('m').entry('/a.b/**').integer('x')).toBe(1);
  });
});

describe('lists', () => {
  it.each<[string, Record<string, PropertyValue>[], string[] | undefined]>([
    ['indexes', [{ 'l[1]': 'b', 'l[0]': 'a' }], ['a', 'b']],
    ['a comma string', [{ l: 'a, b' }], ['a', 'b']],
    ['the strongest list whole', [{ 'l[0]': 'x' }, { 'l[0]': 'a', 'l[1]': 'b' }], ['x']],
    ['a stronger text over a list', [{ l: '' }, { 'l[0]': 'a' }], []],
    ['a stronger list over a text', [{ 'l[0]': 'a' }, { l: 'b,c' }], ['a']],
    ['nothing', [{ m: 1 }], undefined],
  ])('reads %s', (_, values, expected) => {
    const bound = bind(...values);
    expect(bound.root.list('l')).toEqual(expected);
    expect(bound.unread('l')).toEqual([]);
  });

  it('gives elements with their own members', () => {
    const { root } = bind({
      'routes[0].id': 'a',
      'routes[1].id': 'b',
      'routes[1].args.x.y': 1,
      'routes[1].args.z[0]': 2,
    });
    expect(
      root
        .at('routes')
        .items()
        .map((item) => item.string('id')),
    ).toEqual(['a', 'b']);
    expect(Array.from(root.at('routes[1].args').map())).toEqual([
      ['x.y', '1'],
      ['z[0]', '2'],
    ]);
    expect(root.at('routes[1].id').path).toBe('routes[1].id');
    expect(root.at('routes[7].id').exists).toBe(false);
  });
});

describe('typed readers', () => {
  const fitting = bind({
    b: 'yes',
    f: false,
    i: '12',
    n: 0.5,
    d: '1.5s',
    s: '16KB',
    w: 'round_robin',
    t: new JavaDouble(2),
  }).root;

  it('convert', () => {
    expect(fitting.boolean('b')).toBe(true);
    expect(fitting.boolean('f')).toBe(false);
    expect(fitting.integer('i')).toBe(12);
    expect(fitting.number('n', { min: 0, max: 1 })).toBe(0.5);
    expect(fitting.duration('d')).toBe(1500);
    expect(fitting.duration('i', 's')).toBe(12_000);
    expect(fitting.dataSize('s')).toBe(16_384);
    expect(fitting.dataSize('i')).toBe(12);
    expect(fitting.oneOf('w', ['round-robin', 'random'])).toBe('round-robin');
    expect(fitting.string('t')).toBe('2.0');
    expect(fitting.integer('absent')).toBeUndefined();
  });

  it.each([
    ['boolean', 'server.x: "abc" is not true or false'],
    ['integer', 'server.x: "abc" is not a whole number, at least 1'],
    ['number', 'server.x: "abc" is not a number, at most 9'],
    ['duration', 'server.x: "abc" is not a duration such as 500ms, 2s or PT1M'],
    ['dataSize', 'server.x: "abc" is not a size such as 16KB or 5MB'],
    ['oneOf', 'server.x: "abc" is not one of a, b'],
  ] as const)('%s leaves a problem where the text stands', (reader, message) => {
    const bound = bind({ first: 1, 'server.x': 'abc' });
    const read = {
      boolean: () => bound.root.boolean('server.x'),
      integer: () => bound.root.integer('server.x', { min: 1 }),
      number: () => bound.root.number('server.x', { max: 9 }),
      duration: () => bound.root.duration('server.x'),
      dataSize: () => bound.root.dataSize('server.x'),
      oneOf: () => bound.root.oneOf('server.x', ['a', 'b']),
    }[reader];
    expect(read()).toBeUndefined();
    expect(bound.problems).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'invalid-value',
        message,
        location: { file: '0.yml', line: 2, column: 7 },
      }),
    ]);
  });

  it('refuse numbers out of bounds', () => {
    const bound = bind({ p: 70_000 });
    expect(bound.root.integer('p', { min: 0, max: 65_535 })).toBeUndefined();
    expect(bound.problems[0]?.message).toBe('p: "70000" is not a whole number from 0 to 65535');
  });
});

describe('keys that nobody read', () => {
  it('are listed once and refused with a suggestion', () => {
    const bound = bind({ 'cardea.data-dri': 'x', 'cardea.data-dir': 'y', 'foreign.key': 1 }, { 'cardea.dataDir': 'z' });
    expect(bound.root.string('cardea.data-dir')).toBe('y');
    expect(bound.unread()).toEqual([
      { key: 'cardea.data-dri', location: { file: '0.yml', line: 1, column: 7 } },
      { key: 'foreign.key', location: { file: '0.yml', line: 3, column: 7 } },
    ]);
    expect(bound.refuseUnread('cardea', ['cardea.data-dir', 'cardea.bus'])).toEqual([
      {
        severity: 'error',
        code: 'unknown-key',
        message: 'unknown key cardea.data-dri',
        remedy: 'did you mean cardea.data-dir?',
        subject: 'cardea.data-dri',
        location: { file: '0.yml', line: 1, column: 7 },
      },
    ]);
    expect(bound.refuseUnread('foreign', [])[0]?.remedy).toBe('remove it');
  });

  it('can be left to somebody else', () => {
    const bound = bind({ 'a.b.c': 1, 'a.d[0]': 2, ab: 3 });
    bound.root.at('a').ignore();
    expect(bound.unread()).toEqual([{ key: 'ab', location: { file: '0.yml', line: 3, column: 7 } }]);
    expect(bound.unread('a')).toEqual([]);
  });
});

describe('placeholders', () => {
  it.each([
    ['${host}', 'h'],
    ['http://${host}:${port:80}/', 'http://h:80/'],
    ['${missing:${host}}', 'h'],
    ['${ho${s}}', 'h'],
    ['${MAX_AGE}', '5'],
    ['${missing}', '${missing}'],
    ['/$\\{rest}', '/$\\{rest}'],
    ['\\${host}', '${host}'],
    ['${loop}', '${loop}'],
    ['${host', '${host'],
    ['${a:b:c}', 'b:c'],
  ])('%s is %s', (text, expected) => {
    const { root } = bind({ text, host: 'h', s: 'st', 'max-age': 5, loop: '${loop}' });
    expect(root.string('text')).toBe(expected);
    expect(root.at('text').property?.value).toBe(expected);
  });

  it('stay where told so', () => {
    const properties = new Map<string, Property>([
      ['a', { value: '${b}' }],
      ['b', { value: 1 }],
    ]);
    expect(bindProperties([{ name: 's', properties }], { placeholders: false }).root.string('a')).toBe('${b}');
  });
});
