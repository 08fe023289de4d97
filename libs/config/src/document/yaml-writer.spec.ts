import { JavaDouble } from '../property-source.ts';
import { parseYamlDocuments } from './yaml-documents.ts';
import { writeYaml, type ValueTree } from './yaml-writer.ts';

const map = (entries: Readonly<Record<string, ValueTree>>): ValueTree => new Map(Object.entries(entries));

describe('writeYaml', () => {
  it('nests maps and lists, lists flush with their key', () => {
    const tree = map({ a: map({ b: 1 }), l: ['x', map({ m: true, n: [1, null] }), ['y', 'z']], e: [], f: new Map() });
    expect(writeYaml(tree)).toBe('a:\n  b: 1\nl:\n- x\n- m: true\n  n:\n  - 1\n  - null\n- - y\n  - z\ne: []\nf: {}\n');
    expect(writeYaml('just text')).toBe('just text\n');
  });

  it('keeps the Java form of numbers', () => {
    const numbers = [new JavaDouble(1), new JavaDouble(1e8), 18446744073709551616n, new JavaDouble(Infinity)];
    expect(writeYaml(numbers)).toBe('- 1.0\n- 1.0E8\n- 18446744073709551616\n- .inf\n');
    expect(writeYaml([new JavaDouble(-Infinity), new JavaDouble(Number.NaN)])).toBe('- -.inf\n- .NaN\n');
  });

  it.each([
    ['42', "'42'"],
    ['', "''"],
    ['true', "'true'"],
    ['n', 'n'],
    ['2024-02-30', "'2024-02-30'"],
    ['<<', "'<<'"],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['a#b', 'a#b'],
    ['- a', "'- a'"],
    ['-a', '-a'],
    ['#a', "'#a'"],
    ["it's", "it's"],
    ["'quoted'", "'''quoted'''"],
    [' a', "' a'"],
    ['---', "'---'"],
    ['${n}', '${n}'],
    ['{a}', "'{a}'"],
    ['a\tb"', '"a\\tb\\""'],
    ['\u0007', '!!binary |-\n  Bw=='],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n\nb\n', '|\n  a\n\n  b'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['a \nb', '"a \\nb"'],
    ['\u00a0\t', '"\\_\\t"'],
  ])('writes %j as %j', (text, written) => {
    expect(writeYaml(map({ k: text }))).toBe(`k: ${written}\n`);
  });

  it('quotes keys like values, and lets long ones stand alone', () => {
    expect(writeYaml(map({ '1': 'a', 'x y': 'b', '': 'c' }))).toBe("'1': a\nx y: b\n? ''\n: c\n");
    expect(writeYaml(map({ ['k'.repeat(128)]: map({ a: 1, b: 2 }) }))).toBe(`? ${'k'.repeat(128)}\n: a: 1\n  b: 2\n`);
    expect(writeYaml(map({ ['k'.repeat(130)]: ['a', 'b'] }))).toBe(`? ${'k'.repeat(130)}\n: - a\n  - b\n`);
  });

  it('folds long lines where SnakeYAML does', () => {
    const words = 'word '.repeat(20).trim();
    const first = 'word '.repeat(16).trim();
    expect(writeYaml(map({ k: words }))).toBe(`k: ${first}\n  ${'word '.repeat(4).trim()}\n`);
    expect(writeYaml(map({ k: `: ${words}` }))).toMatch(/^k: ': (?:word )+word\n {2}(?:word ?)+'\n$/);
    expect(writeYaml(map({ k: `\t${words}` }))).toMatch(/^k: "\\t(?:word )+word\\\n {2}\\ (?:word ?)+"\n$/);
  });

  it('is read back as it was', () => {
    const texts = [
      'a b '.repeat(60),
      'x: y '.repeat(40),
      `\t${'q  r '.repeat(40)}`,
      'é\u{1f600} \u0085 z',
      'a\n b\n\n',
      '\n',
      ' \n',
    ];
    for (const text of texts) {
      const { documents, problems } = parseYamlDocuments(writeYaml(map({ deep: map({ k: text }) })), 'a.yml');
      expect(problems).toEqual([]);
      expect(documents[0]?.properties.get('deep.k')?.value).toBe(text);
    }
  });
});
