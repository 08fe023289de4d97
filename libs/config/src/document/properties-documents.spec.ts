import { parsePropertiesDocuments } from './properties-documents.ts';

const documents = (text: string): Record<string, unknown>[] =>
  parsePropertiesDocuments(text, 'a.properties').documents.map(({ properties }) =>
    Object.fromEntries([...properties].map(([key, { value }]) => [key, value])),
  );

describe('parsePropertiesDocuments', () => {
  it('reads what the original answered for its Latin-1 fixture', () => {
    const text =
      'caf\u00e9=cr\u00e8me\nesc=\\u00fc\\t|\nlong = one,\\\n      two\nlist[]=a, b,c\nlist2=a,b\n  indented : v\nnoval\neq=a=b\n' +
      '#---\nspring.config.activate.on-profile=eu\nlong=eu\n#--- x\nafter=1\n';
    expect(documents(text)).toEqual([
      {
        'caf\u00e9': 'cr\u00e8me',
        esc: '\u00fc\t|',
        long: 'one,two',
        'list[0]': 'a',
        'list[1]': 'b',
        'list[2]': 'c',
        list2: 'a,b',
        indented: 'v',
        noval: '',
        eq: 'a=b',
      },
      { 'spring.config.activate.on-profile': 'eu', long: 'eu', after: '1' },
    ]);
  });

  it('gives each value its place, also past continued lines and CRLF', () => {
    const { documents } = parsePropertiesDocuments('tier: app-qa\r\na=1\\\r\n  2\r\nb=3', 'a.properties');
    const origin = (key: string): unknown => documents[0]?.properties.get(key)?.origin;
    expect(origin('tier')).toEqual({ file: 'a.properties', line: 1, column: 7 });
    expect(origin('b')).toEqual({ file: 'a.properties', line: 4, column: 3 });
    expect(documents[0]?.properties.get('a')?.value).toBe('12');
  });

  it('keeps trailing blanks, escaped separators and the last of two equal keys', () => {
    expect(documents('a\\=b\\:c = v \nk 1\nk=2\nlast=\\')).toEqual([{ 'a=b:c': 'v ', k: '2', last: '' }]);
  });

  it.each([
    ['a=1\n!---  \nb=2\n', 2],
    ['a=1\n #---\nb=2\n', 1],
    ['a=1\n# note\n#---\nb=2\n', 1],
    ['a=1\n#---\n# note\nb=2\n', 1],
    ['a=1\n! note\n#---\nb=2\n', 2],
    ['#---\n#---\na=1\n', 1],
    ['', 0],
  ])('splits %j into %d', (text, count) => {
    expect(documents(text)).toHaveLength(count);
  });

  it('refuses a malformed escape with its place', () => {
    const { documents, problems } = parsePropertiesDocuments('a=1\nb=x\\u12g4\n', 'a.properties');
    expect(documents).toEqual([]);
    expect(problems[0]).toMatchObject({ code: 'invalid-properties', location: { line: 2, column: 4 } });
  });
});
