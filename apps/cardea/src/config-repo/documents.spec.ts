import { parseFile } from './documents.ts';

const flat = (text: string, file = 'a.yml') =>
  parseFile(text, file).documents.map(({ properties }) =>
    Object.fromEntries([...properties].map(([key, { value, origin }]) => [key, [value, origin?.line, origin?.column]])),
  );

describe('YAML', () => {
  it('is flattened, each value with its place', () => {
    expect(flat('a:\n  b: x\n  "[/c/**]": 1\nl:\n- true\n- {m: 0.5}\ne: []\nf: {}\nn:\ny: y\n')).toEqual([
      {
        'a.b': ['x', 2, 6],
        'a[/c/**]': [1, 3, 14],
        'l[0]': [true, 5, 3],
        'l[1].m': [0.5, 6, 7],
        e: ['', 7, 4],
        f: ['', 8, 4],
        n: ['', 9, 3],
        y: ['y', 10, 4],
      },
    ]);
  });

  it('may hold several documents, aliases, and nothing', () => {
    expect(flat('a: &x {b: 1}\nc: *x\n---\nd: 2\n').map((each) => Object.keys(each))).toEqual([['a.b', 'c.b'], ['d']]);
    expect(flat('')).toEqual([]);
  });

  it('names the profile a document is for', () => {
    const { documents } = parseFile('a: 1\n---\nspring.config.activate.on-profile: prod\n', 'a.yml');
    expect(documents.map(({ onProfile }) => onProfile)).toEqual([undefined, 'prod']);
  });

  it('that is broken is a problem with its place', () => {
    const { documents, problems } = parseFile('a: 1\nb: [\n', 'a.yml');
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'error', code: 'invalid-yaml', location: { file: 'a.yml', line: 3 } }]);
  });
});

describe('properties', () => {
  it('are read line by line', () => {
    const text = '# c\na.b = x\nc:y z\n\nlong=one\\\n   two\npath\\:x=\\\\d\n#---\nd\n';
    expect(flat(text, 'a.properties')).toEqual([
      { 'a.b': ['x', 2, 7], c: ['y z', 3, 3], long: ['onetwo', 5, 6], 'path:x': ['\\d', 7, 9] },
      { d: ['', 9, 2] },
    ]);
  });
});
