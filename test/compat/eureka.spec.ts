import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { ManualClock } from '#testing';
import { startRegistry, type RunningRegistry } from '../../apps/registry/src/registry.app.ts';
import { DEFAULT_REGISTRY_SETTINGS, type RegistrySettings } from '../../apps/registry/src/registry-settings.ts';
import { mask, readCaptures, replay, type Answer, type Capture } from './capture.ts';

type ServerSettings = RegistrySettings['eureka']['server'];

/** The profiles of the recorded Spring server (test/compat/captures/eureka.json), in our settings. */
const PROFILES: Readonly<Record<string, Partial<ServerSettings>>> = {
  base: {},
  expiry: { enableSelfPreservation: false, evictionIntervalTimerInMs: 1_000 },
  slowevict: { enableSelfPreservation: false, evictionIntervalTimerInMs: 600_000 },
  nodelta: { disableDelta: true },
  cold: { waitTimeInMsWhenSyncEmpty: 300_000 },
};

/** Where we answer otherwise than the reference, and why. */
const CHOSEN: Readonly<Record<string, { readonly why: string; check(answer: Answer, url: string): unknown }>> = {
  'eu-neg-06': {
    why: 'the body is JSON; the reference labels it XML',
    check: ({ headers }) => expect(headers['content-type']).toBe('application/json'),
  },
  'eu-neg-11': {
    why: 'a doubled slash in a configured URL is collapsed, not a dead end',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain('"applications"');
    },
  },
  'eu-neg-17': { why: 'OPTIONS has no WADL to offer', check: ({ status }) => expect(status).toBe(405) },
  'eu-hb-13': { why: 'a bad timestamp is the client’s fault', check: ({ status }) => expect(status).toBe(400) },
  'eu-st-20': { why: 'a bad status is the client’s fault', check: ({ status }) => expect(status).toBe(400) },
  'eu-st-21': { why: 'a missing status is the client’s fault', check: ({ status }) => expect(status).toBe(400) },
  'eu-ba-03': {
    why: 'gzip request bodies are read, as Netflix’s own server does',
    async check({ status, body }, url) {
      expect([status, body]).toEqual([200, '{"responseList":[{"statusCode":200}]}']);
      // The reference refused it: the exchanges that follow know nothing of what it registered.
      expect((await fetch(`${url}/eureka/apps/BB/b1`, { method: 'DELETE' })).status).toBe(200);
    },
  },
  'eu-odd-02': {
    why: 'ids may hold an encoded slash',
    check: ({ status, body }) => {
      expect(status).toBe(200);
      expect(body).toContain('"instanceId":"a/b c"');
    },
  },
  'eu-odd-03': { why: 'ids may hold an encoded slash', check: ({ status }) => expect(status).toBe(200) },
};

/** Resources that are not served yet. */
const LATER = ['eu-ot-03'];

const captures = readCaptures('eureka.json').filter(({ id, profile }) => profile in PROFILES && !LATER.includes(id));

function settingsOf(profile: string): RegistrySettings {
  const defaults = DEFAULT_REGISTRY_SETTINGS;
  return {
    ...defaults,
    server: { port: 0, address: '127.0.0.1' },
    eureka: {
      instance: { defaultOpenForTrafficCount: profile === 'cold' ? 0 : 1 },
      server: { ...defaults.eureka.server, ...PROFILES[profile] },
    },
    registry: { ...defaults.registry, exactExpiry: false },
  };
}

const xml = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  isArray: (name) => ['application', 'instance'].includes(name),
});

/** Body as a tree in which hash-map accidents of the reference are sorted away and everything else keeps its order. */
function tree(body: string): unknown {
  return order(body.startsWith('<') ? xml.parse(body) : JSON.parse(body));
}

function order(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => order(item));
    return name === 'application' || name === 'instance' ? items.sort(byText) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'registeredApplicationsEmpty');
  if (name === 'metadata') entries.sort(byText);
  return Object.fromEntries(entries.map(([key, item]) => [key, order(item, key)]));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function compareBodies(answer: Answer, capture: Capture): void {
  const [ours, theirs] = [answer.body, capture.response.body].map((body) => mask(body, capture.volatile));
  if (ours === undefined || theirs === undefined || ours === theirs) return;
  if (!/^[{<]/.test(theirs)) expect(ours).toBe(theirs);
  // Texts of both trees, so that the order of keys counts too.
  expect(JSON.stringify(tree(ours), null, 1)).toBe(JSON.stringify(tree(theirs), null, 1));
  // Indentation and line ends; compact XML is one line.
  if (theirs.startsWith('<')) expect(ours.includes('\n')).toBe(theirs.includes('\n'));
  if (theirs.includes('\n')) expect(ours.split('\n').sort()).toEqual(theirs.split('\n').sort());
}

describe.each(Object.keys(PROFILES))('the real Eureka server, profile %s', (profile) => {
  const clock = new ManualClock();
  let registry: RunningRegistry;

  beforeAll(async () => {
    registry = await startRegistry(settingsOf(profile), { clock });
  });
  afterAll(() => registry.close());

  const own = captures.filter((capture) => capture.profile === profile);
  it.each(own.map((capture) => [capture.id, capture.note, capture] as const))('%s %s', async (_id, _note, capture) => {
    if (capture.waitMsBefore !== undefined) clock.advance(capture.waitMsBefore);
    const url = registry.listeners[0]?.url ?? '';
    const answer = await replay(url, capture);
    const chosen = CHOSEN[capture.id];
    if (chosen !== undefined) {
      await chosen.check(answer, url);
      return;
    }
    const { status, headers } = capture.response;
    expect(answer.status).toBe(status);
    // Boot's error bodies are what keeps clients from registering again; ours are empty.
    const freeBody = /^(\{"timestamp"|<Map>|$)/.test(capture.response.body) && status >= 400;
    if (freeBody) {
      expect(answer.body).toBe('');
      if (status === 405) expect(answer.headers['allow']).toMatch(/GET/);
      return;
    }
    expect(answer.headers['content-type']).toBe(headers['content-type']);
    expect(answer.headers['content-encoding']).toBe(headers['content-encoding']);
    compareBodies(answer, capture);
  });
});

it('docs/guides/eureka.md lists every chosen difference, and no other', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/eureka.md'), 'utf8');
  const listed = new Set(guide.match(/\beu-[a-z]+-\d+\b/g));
  expect([...listed].sort()).toEqual(Object.keys(CHOSEN).sort());
});
