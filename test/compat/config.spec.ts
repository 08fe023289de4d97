import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SymmetricCipher } from '#config';
import type { RunningApp } from '#kernel';
import { startConfigServer } from '../../apps/config-server/src/config-server.app.ts';
import { mask, readCaptures, replay, type Answer } from './capture.ts';
import { ConfigFixture } from './config-fixture.ts';

/** Where we answer otherwise than the reference, and why. */
const CHOSEN: Readonly<Record<string, { readonly why: string; check(answer: Answer): unknown }>> = {
  'cf-env-13': {
    why: 'an encoded slash in a label, as the Node client sends it, is a slash',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain('"label":"release/2.0","version":"7adfda2e5add2b71991b4ededef0e520e500410d"');
    },
  },
  'cf-brk-01': brokenFile(),
  'cf-brk-03': brokenFile(),
  'cf-yml-06': {
    why: 'a list element beside map keys is no reason to fail: the bracket is a literal key',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain('one: 1.0\nlots: 1.0E8\ntiny: 1.0E-4\n');
      expect(body).toContain("nested:\n  a:\n    b: ''\n  '7': seven\n  k.v: w\n");
    },
  },
  'cf-yml-08': {
    why: 'placeholders are filled value by value, as from 5.0.4 on: results stay text, names are trimmed',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain("n: 42\na: '42'\nb: '42'\nc: ${missing}\nd: base\ne: ${n}\nf: ''\ng: x42ybasez\n");
    },
  },
  'cf-json-03': {
    why: 'as cf-yml-06',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain('"one":1.0,"lots":1.0E8,"tiny":1.0E-4,');
      expect(body).toContain('"nested":{"a":{"b":""},"7":"seven","k.v":"w"}');
    },
  },
  'cf-err-04': malformedProfile(),
  'cf-err-05': malformedProfile(),
  'cf-err-06': malformedProfile(),
  'cf-err-08': { why: 'the error is JSON here too', check: ({ status }) => expect(status).toBe(400) },
  'cf-err-09': { why: 'a hidden way out is an attack, not a miss', check: ({ status }) => expect(status).toBe(400) },
  'cf-err-12': {
    why: 'a doubled slash in a configured URL is collapsed',
    check: ({ status }) => expect(status).toBe(200),
  },
  'cf-mt-02': { why: 'the error is JSON here too', check: ({ status }) => expect(status).toBe(406) },
  'cf-cr-05': {
    why: 'every cipher text is another',
    check: ({ status, body }) => expect([status, new SymmetricCipher('foo').decrypt(body)]).toEqual([200, 'hello']),
  },
  'cf-cr-06': {
    why: 'every cipher text is another',
    check: ({ body }) => {
      expect(body).toMatch(/^\{key:k1\}\{foo:bar\}[0-9a-f]{64}$/);
      expect(new SymmetricCipher('foo').decrypt(body)).toBe('hello');
    },
  },
  'cf-health': {
    why: 'health has the component of the config server alone, and more about it',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      const sources = [fixture.filled('${URI}/application.yml')];
      const repositories = [{ sources, name: 'app', profiles: ['default'], label: null }];
      const { components } = JSON.parse(body);
      expect(components.configServer).toMatchObject({ status: 'UP', details: { repositories, quality: 'degraded' } });
    },
  },
  'cf-nk-01': noKey(),
  'cf-nk-02': noKey(),
};

function brokenFile() {
  const file = /broken\.yml:\d+:\d+: /;
  return {
    why: 'a file that cannot be parsed is the server’s fault on every label, and the error names the line',
    check: ({ status, body }: Answer) => {
      expect(status).toBe(500);
      expect(body).toMatch(file);
    },
  };
}

function malformedProfile() {
  const why = 'a malformed profile is the client’s fault, as from 5.0.3 on';
  return { why, check: ({ status }: Answer) => expect(status).toBe(400) };
}

function noKey() {
  return {
    why: 'without a key there is nothing to fail: the documented 404',
    check: ({ status, body }: Answer) => {
      expect(status).toBe(404);
      expect(body).toBe('{"description":"No key was installed for encryption service","status":"NO_KEY"}');
    },
  };
}

const captures = readCaptures('config.json');
const profiles = [...new Set(captures.map(({ profile }) => profile))];
let fixture: ConfigFixture;

beforeAll(() => {
  fixture = new ConfigFixture();
});
afterAll(() => fixture.remove());

it('the fixture is the recorded one, commit by commit', () => {
  expect(fixture.commits.made).toEqual(fixture.commits.recorded);
});

const COMPARED = ['content-type', 'content-disposition', 'allow'];

describe.each(profiles)('the real config server, profile %s', (profile) => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startConfigServer(fixture.settingsFor(profile));
  });
  afterAll(() => server.close());

  const own = captures.filter((capture) => capture.profile === profile);
  it.each(own.map((capture) => [capture.id, capture] as const))('%s', async (id, capture) => {
    const path = fixture.filled(capture.request.path);
    const answer = await replay(server.listeners[0]?.url ?? '', { ...capture, request: { ...capture.request, path } });
    const chosen = CHOSEN[id];
    if (chosen !== undefined) {
      await chosen.check(answer);
      return;
    }
    const { status, headers } = capture.response;
    expect(answer.status).toBe(status);
    // Boot's error bodies are free.
    if (capture.response.body.startsWith('{"timestamp"')) return;
    for (const name of COMPARED) expect([name, answer.headers[name]]).toEqual([name, headers[name]]);
    if (capture.volatile.includes('header:last-modified')) expect(answer.headers['last-modified']).toMatch(/ GMT$/);
    const [ours, theirs] = [answer.body, fixture.filled(capture.response.body)].map((body) =>
      mask(body, capture.volatile),
    );
    expect(ours).toBe(theirs);
  });
});

it('docs/guides/config-server.md lists every chosen difference, and no other', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/config-server.md'), 'utf8');
  const listed = new Set(guide.match(/\bcf-(?:[a-z]+-\d+|health)\b/g));
  expect([...listed].sort()).toEqual(Object.keys(CHOSEN).sort());
});
