import { javaString } from '../value/java-string.ts';
import { parseYamlDocuments } from './yaml-documents.ts';

const flat = (text: string): Record<string, string> => {
  const { documents, problems } = parseYamlDocuments(text, 'a.yml');
  expect(problems).toEqual([]);
  return Object.fromEntries([...(documents[0]?.properties ?? [])].map(([key, { value }]) => [key, javaString(value)]));
};
const faults = (text: string): string[] =>
  parseYamlDocuments(text, 'a.yml').problems.map(
    ({ location, message }) => `${location?.line}:${location?.column} ${message}`,
  );

describe('parseYamlDocuments', () => {
  it('reads scalars as the original answered them', () => {
    const text =
      'ssh: 22:22\nver: 1.10\ncode: 010\ncode9: 09\nflag: off\nyes_letter: y\nday: 2024-02-30\nnone: ~\nexp: 1e3\n' +
      'big: 9007199254740993\nhuge: 18446744073709551616\none: 1.0\nlots: 100000000.0\ntiny: 0.0001\nhexa: 0x1F\n' +
      'grp: 1_000\nocto: 0o17\nemptymap: {}\nemptylist: []\nnested: {a: {b: []}, 7: seven, "[k.v]": w}\n';
    expect(Object.entries(flat(text)).map(([key, value]) => `${key}: ${value}`)).toEqual([
      'ssh: 1342',
      'ver: 1.1',
      'code: 8',
      'code9: 09',
      'flag: false',
      'yes_letter: y',
      'day: 2024-02-30',
      'none: ',
      'exp: 1000.0',
      'big: 9007199254740993',
      'huge: 18446744073709551616',
      'one: 1.0',
      'lots: 1.0E8',
      'tiny: 1.0E-4',
      'hexa: 31',
      'grp: 1000',
      'octo: 0o17',
      'emptylist: ',
      'nested.a.b: ',
      'nested[7]: seven',
      'nested[k.v]: w',
    ]);
  });

  it('keeps the type that a tag or quotes ask for', () => {
    expect(flat('a: "010"\nb: !!str 010\nc: !!int "12"\nd: -0b11\ne: -.inf\nf: .nan\ng: 1:30.5\nh: +5\n')).toEqual({
      a: '010',
      b: '010',
      c: '12',
      d: '-3',
      e: '-Infinity',
      f: 'NaN',
      g: '90.5',
      h: '5',
    });
    expect(flat('s: !!set {x, y}\nb: !!binary |\n  aGk=\n')).toEqual({ 's[0]': 'x', 's[1]': 'y', b: 'aGk=' });
  });

  it('expands aliases and merge keys, the own keys winning', () => {
    const text = 'base: &b {x: 1, y: 2}\nmore: &m {z: 3, x: 9}\none:\n  <<: *b\n  y: 5\ntwo:\n  <<: [*b, *m]\n';
    expect(flat(text)).toMatchObject({ 'one.x': '1', 'one.y': '5', 'two.x': '1', 'two.y': '2', 'two.z': '3' });
  });

  it('puts a root that is no map under "document"', () => {
    expect(flat('- p\n- q: 1\n')).toEqual({ 'document[0]': 'p', 'document[1].q': '1' });
    expect(flat('just text\n')).toEqual({ document: 'just text' });
  });

  it('numbers non-empty documents and gives each value its place', () => {
    const { documents } = parseYamlDocuments(
      '# leading comment only\n---\nk: zero\n---\nspring.config.activate.on-profile: "!eu"\nk: one\n---\n---\n' +
        'spring:\n  config:\n    activate:\n      on-profile: ["eu", "us & prod"]\nk: two\n',
      'multi.yml',
    );
    expect(documents.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(documents[0]?.onProfile).toBeUndefined();
    expect(documents[0]?.properties.get('k')?.origin).toEqual({ file: 'multi.yml', line: 3, column: 4 });
    expect(documents[1]?.properties.get('spring.config.activate.on-profile')?.origin).toMatchObject({
      line: 5,
      column: 36,
    });
    expect(documents[2]?.onProfile?.map(({ text }) => text)).toEqual(['eu', 'us & prod']);
  });

  it('counts columns after a byte order mark from the text', () => {
    expect(parseYamlDocuments('\uFEFFa: 1\n', 'a.yml').documents[0]?.properties.get('a')?.origin?.column).toBe(4);
  });

  it.each([
    ['an unclosed list', 'hello: [unclosed\n', /^2:1 /],
    ['a key written twice', 'a: 1\na: 2\n', /^2:1 /],
    ['an unknown tag', 'a: 1\nb: !thing x\n', /^2:\d+ unknown tag/],
    ['a tab as indent', 'a:\n\tb: 1\n', /^2:\d+ /],
    ['an unknown anchor', 'a: *nobody\n', /^1:4 /],
    ['a merge of text', 'a:\n  <<: text\n', /^2:7 a merge key needs/],
    ['a malformed condition', 'spring.config.activate.on-profile: "a & b | c"\n', /^1:36 malformed profile/],
    ['a list as key', '? [a]\n: b\n', /a key must be a single value/],
  ])('refuses %s with its place, and all of the file', (_, text, expected) => {
    expect(faults(text)[0]).toMatch(expected);
    expect(parseYamlDocuments(`x: 1\n---\n${text}`, 'a.yml').documents).toEqual([]);
  });

  it('stops at aliases that multiply and at circles', () => {
    const bomb = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]\n`).join('');
    expect(faults(`l0: &l0 [x]\n${bomb}`)[0]).toMatch(/more than 50 aliases/);
    expect(faults('a: &a\n  b: *a\n')).toHaveLength(1);
    expect(faults('a: &a\n  <<: *a\n')).toHaveLength(1);
  });
});
