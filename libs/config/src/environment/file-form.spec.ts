import { JavaDouble, type PropertyValue } from '../property-source.ts';
import type { Environment } from './environment.ts';
import { fillFrom, flatProperties, jsonText, propertiesText, yamlText } from './file-form.ts';

/** Sources strongest first. */
function environmentOf(...sources: Readonly<Record<string, PropertyValue>>[]): Environment {
  const propertySources = sources.map((source, index) => ({
    name: `${index}`,
    properties: new Map(Object.entries(source).map(([key, value]) => [key, { value }])),
  }));
  return { name: 'a', profiles: ['default'], label: null, version: null, state: null, propertySources };
}

const json = (source: Readonly<Record<string, PropertyValue>>): unknown =>
  JSON.parse(jsonText(environmentOf(source), true));

describe('flatProperties', () => {
  it('keeps the first place of a key and takes its strongest value, lists whole and at the end', () => {
    const flat = flatProperties(
      environmentOf({ b: 2, 'l[0]': 'x', 'spring.profiles': 'p' }, { 'l[0]': 'a', 'l[1]': 'b', 'm[k]': 1, a: 1, b: 1 }),
    );
    expect([...flat]).toEqual([
      ['a', 1],
      ['b', 2],
      ['l[0]', 'x'],
      ['m[k]', 1],
    ]);
  });
});

describe('nesting', () => {
  it.each<[Readonly<Record<string, PropertyValue>>, unknown]>([
    [{ 'a.b.c': 1, 'a.d': true }, { a: { b: { c: 1 }, d: true } }],
    [
      { lvl: 'INFO', 'lvl.sub': 'x' },
      { lvl: 'INFO', 'lvl.sub': 'x' },
    ],
    [
      { lvl: 'INFO', 'lvl.a.b': 'x' },
      { lvl: 'INFO', 'lvl.a.b': 'x' },
    ],
    [{ 'lvl.sub': 'x', lvl: 'INFO' }, { lvl: 'INFO' }],
    [{ 'm[1]': 'x', 'm[3]': 'y' }, { m: [null, 'x', null, 'y'] }],
    [{ 'm[0][1]': 'x', 'm[1].k': 'y' }, { m: [[null, 'x'], { k: 'y' }] }],
    [{ 'm[k.v]': 'w', 'm.a': 1 }, { m: { a: 1, 'k.v': 'w' } }],
    [{ 'm.a': 1, 'm[7]': 's' }, { m: { a: 1, '7': 's' } }],
  ])('%j is %j', (source, nested) => {
    const given = json(source);
    expect(given).toEqual(nested);
  });
});

it('a name is what the stronger source makes of it: a list, or a single value', () => {
  const list = { 'l[0]': 'x' };
  expect(jsonText(environmentOf({ l: '' }, list), true)).toBe('{"l":""}');
  expect(jsonText(environmentOf(list, { l: '' }), true)).toBe('{"l":["x"]}');
  // The flat form has room for both.
  expect(propertiesText(environmentOf({ l: '' }, list), true)).toBe('l: \nl[0]: x');
});

describe('the forms', () => {
  const environment = environmentOf({
    n: 42,
    d: new JavaDouble(1),
    a: '${n}',
    b: '${ n }',
    c: '${none:x}',
    big: 2n ** 64n,
  });

  it('write Java’s numbers, and fill placeholders as text', () => {
    expect(propertiesText(environment, true)).toBe('n: 42\nd: 1.0\na: 42\nb: ${ n }\nc: x\nbig: 18446744073709551616');
    expect(jsonText(environment, true)).toBe('{"n":42,"d":1.0,"a":"42","b":"42","c":"x","big":18446744073709551616}');
    expect(yamlText(environment, true)).toBe("n: 42\nd: 1.0\na: '42'\nb: '42'\nc: x\nbig: 18446744073709551616\n");
    expect(fillFrom('x ${n} ${none}', environment)).toBe('x 42 ${none}');
  });

  it('leave placeholders alone when told to', () => {
    expect(propertiesText(environment, false)).toContain('a: ${n}\nb: ${ n }\nc: ${none:x}');
    expect(yamlText(environment, false)).toContain('a: ${n}\n');
  });

  it('are empty in their own way', () => {
    const empty = environmentOf();
    expect([propertiesText(empty, true), jsonText(empty, true), yamlText(empty, true)]).toEqual(['', '{}', '{}\n']);
  });

  it('write a root that is no map as what it is', () => {
    expect(yamlText(environmentOf({ 'document[0]': 'p', 'document[1].q': 1 }), true)).toBe('- p\n- q: 1\n');
    expect(yamlText(environmentOf({ document: 'just text' }), true)).toBe('just text\n');
  });
});
