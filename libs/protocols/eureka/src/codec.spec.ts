import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as fc from 'fast-check';
import { Lease, type InstanceInfo } from '#registry';
import { instanceInfo, ManualClock } from '#testing';
import { UnreadableBody } from './instance-draft.ts';
import { decodeJsonInstance } from './json-decoder.ts';
import { JsonEncoder } from './json-encoder.ts';
import { toRegistration } from './registration.ts';
import { decodeXmlInstance } from './xml-decoder.ts';
import { XmlEncoder } from './xml-encoder.ts';
import { decodeElementName, encodeElementName, escapeText, unescapeText } from './xml-names.ts';

const clock = new ManualClock();
const leaseOf = (fields: Partial<InstanceInfo>): Lease =>
  new Lease(instanceInfo(fields), { durationMs: 90_000, expiryFactor: 1 }, clock);

const xmlInstance = (content: string): string => `<instance><app>a</app><hostName>h</hostName>${content}</instance>`;

describe('XML names', () => {
  it.each([
    ['zone', 'zone'],
    ['zone_1', 'zone__1'],
    ['$k', '_-k'],
    ['a b', 'a_.0020b'],
    ['a/b', 'a_.002fb'],
    ['1a', '_.0031a'],
    ['management.port', 'management.port'],
    ['-x', '_.002dx'],
    ['a:b', 'a_.003ab'],
    ['naïve', 'naïve'],
  ])('codes %j as %j', (name, coded) => {
    expect(encodeElementName(name)).toBe(coded);
    expect(decodeElementName(coded)).toBe(name);
  });

  it('come back from every coding, and every coding is a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const coded = encodeElementName(name);
        expect(decodeElementName(coded)).toBe(name);
        expect(XMLValidator.validate(`<${coded}/>`)).toBe(true);
      }),
    );
  });

  it('text comes back, without what XML cannot hold', () => {
    expect(escapeText('<&"> \u0001\u0000\uD800é✓😀')).toBe('&lt;&amp;&quot;&gt; é✓😀');
    expect(unescapeText('&lt;&amp;&quot;&gt;&apos;&#65;&#x42;&nbsp;&#x110000;')).toBe('<&">\'AB&nbsp;&#x110000;');
    expect(unescapeText('&amp;lt;')).toBe('&lt;');
  });
});

describe('XML in', () => {
  it('follows the defaults of the two ports, and takes statuses in any case', () => {
    const draft = decodeXmlInstance(
      xmlInstance(
        '<status>Down</status><port>1</port><securePort>2</securePort><overriddenstatus>up</overriddenstatus>',
      ),
    );
    expect(draft).toMatchObject({
      status: 'DOWN',
      overriddenStatus: 'UP',
      port: { number: 1, enabled: true },
      securePort: { number: 2, enabled: false },
    });
    const none = decodeXmlInstance(xmlInstance('<port enabled="false">1</port>'));
    expect(none).toMatchObject({
      status: 'UP',
      port: { number: 1, enabled: false },
      securePort: { number: 7002, enabled: false },
    });
  });

  it('takes dataCenterInfo without a class', () => {
    const amazon =
      '<dataCenterInfo><name>Amazon</name><metadata><instance-id>i-1</instance-id></metadata></dataCenterInfo>';
    expect(decodeXmlInstance(xmlInstance(amazon)).dataCenter).toEqual({
      name: 'Amazon',
      metadata: { 'instance-id': 'i-1' },
    });
  });

  it('takes metadata with the names of JavaScript’s own properties', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'prototype', '__proto__'];
    const metadata = names.map((name) => `<${encodeElementName(name)}>x</${encodeElementName(name)}>`).join('');
    expect(Object.keys(decodeXmlInstance(xmlInstance(`<metadata>${metadata}</metadata>`)).metadata)).toEqual(names);
  });

  it('takes leaseInfo, a declaration, comments and character data', () => {
    const body =
      '<?xml version="1.0"?>\n<!-- fargo -->' +
      xmlInstance('<leaseInfo><durationInSecs>10</durationInSecs></leaseInfo><vipAddress><![CDATA[v]]></vipAddress>');
    expect(decodeXmlInstance(body)).toMatchObject({ durationMs: 10_000, vipAddress: 'v' });
  });

  it.each([
    ['nothing', ''],
    ['an open element', '<instance><app>'],
    ['another root', '<application><app>a</app></application>'],
    ['text as the root', '<instance>text</instance>'],
    ['no app', '<instance><hostName>h</hostName></instance>'],
    ['nested metadata', xmlInstance('<metadata><a><b>c</b></a></metadata>')],
    [
      'a document type',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xmlInstance('<vipAddress>&e;</vipAddress>')}`,
    ],
    ['an unknown data centre', xmlInstance('<dataCenterInfo><name>Azure</name></dataCenterInfo>')],
    ['a port that is no number', xmlInstance('<port>http</port>')],
  ])('refuses %s', (_what, body) => {
    expect(() => decodeXmlInstance(body)).toThrow(UnreadableBody);
  });
});

describe('JSON in', () => {
  const read = (fields: object): ReturnType<typeof decodeJsonInstance> =>
    decodeJsonInstance(JSON.stringify({ instance: { app: 'a', hostName: 'h', ...fields } }));

  it('turns numbers and booleans into text, and drops Java’s marker', () => {
    const metadata = { '@class': 'java.util.Collections$EmptyMap', n: 1, b: true, z: null };
    expect(read({ metadata, hostName: 7 })).toMatchObject({
      hostName: '7',
      metadata: { n: '1', b: 'true', z: 'null' },
    });
  });

  it('reads both spellings of the override, and unknown statuses as UNKNOWN', () => {
    expect(read({ overriddenstatus: 'DOWN' }).overriddenStatus).toBe('DOWN');
    expect(read({ overriddenStatus: 'DOWN', overriddenstatus: 'UP' }).overriddenStatus).toBe('DOWN');
    expect(read({ status: 'up' }).status).toBe('UNKNOWN');
    expect(read({ status: null }).status).toBe('UP');
  });

  it.each([
    { port: 8080 },
    { port: { $: 1, extra: true } },
    { port: { $: 'x' } },
    { leaseInfo: 3 },
    { metadata: [] },
    { hostName: {} },
    { dataCenterInfo: { name: 'MyOwn' } },
    { dataCenterInfo: { '@class': 'x', name: 'MyOwn', metadata: {} } },
  ])('refuses %j', (fields) => {
    expect(() => read(fields)).toThrow(UnreadableBody);
  });

  it('never fails otherwise than by refusing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((instance) => JSON.stringify({ instance })),
        ),
        (body) => {
          for (const decode of [decodeJsonInstance, decodeXmlInstance]) {
            try {
              decode(body);
            } catch (error) {
              expect(error).toBeInstanceOf(UnreadableBody);
            }
          }
        },
      ),
    );
  });
});

describe('registration', () => {
  it('takes the id that old Spring clients put into the metadata', () => {
    const body = (metadata: object): string =>
      JSON.stringify({
        instance: { app: 'A', hostName: 'h', ipAddr: '1', metadata, dataCenterInfo: { '@class': 'x', name: 'MyOwn' } },
      });
    const idOf = (metadata: object): string | false => {
      const registration = toRegistration(decodeJsonInstance(body(metadata)), 'a', 5);
      return registration.ok && `${registration.info.id} ${registration.info.lastDirtyAt}`;
    };
    expect(idOf({ instanceId: 'abc' })).toBe('h:abc 5');
    expect(idOf({ instanceId: 'h:abc' })).toBe('h:abc 5');
    expect(idOf({})).toBe('h 5');
  });

  it('needs a name of the data centre and of the service', () => {
    const draft = decodeJsonInstance(
      '{"instance":{"app":"","hostName":"h","ipAddr":"1","dataCenterInfo":{"@class":"x"}}}',
    );
    expect(toRegistration(draft, '', 5)).toEqual({ ok: false, fault: 'Missing appName' });
    expect(toRegistration({ ...draft, app: 'A' }, 'a', 5)).toEqual({ ok: false, fault: 'Missing dataCenterInfo Name' });
  });
});

describe('what is written', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const info = fc.record({
    hostName: text,
    vipAddress: fc.option(text, { nil: undefined }),
    sid: fc.constantFrom('na', 's-1', undefined),
    metadata: fc.dictionary(
      fc
        .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
        .filter((key) => key !== '__proto__' && key !== '@class'),
      text,
    ),
    status: fc.constantFrom('UP' as const, 'OUT_OF_SERVICE' as const),
  });

  it('as JSON is JSON, and is read back as it was', () => {
    const encoder = new JsonEncoder('full');
    fc.assert(
      fc.property(info, (fields) => {
        const lease = leaseOf(fields);
        expect(decodeJsonInstance(encoder.instance(lease))).toMatchObject({
          hostName: fields.hostName,
          status: fields.status,
          metadata: fields.metadata,
        });
        expect(JSON.parse(encoder.bare(lease)).vipAddress).toEqual(fields.vipAddress);
      }),
    );
  });

  it('as XML is XML whatever the metadata holds, and is read back', () => {
    const encoder = new XmlEncoder('full');
    fc.assert(
      fc.property(info, (fields) => {
        const application = encoder.application({ name: 'ORDERS', leases: [leaseOf(fields)] });
        expect(XMLValidator.validate(application)).toBe(true);
        const instance = application.slice(application.indexOf('<instance>'), application.indexOf('</application>'));
        const metadata = Object.fromEntries(Object.entries(fields.metadata).map(([key, value]) => [key, value.trim()]));
        expect(decodeXmlInstance(instance)).toMatchObject({ status: fields.status, metadata });
      }),
    );
  });

  it('shows each renewal without building the instance again', () => {
    const lease = leaseOf({});
    const json = new JsonEncoder('full');
    const xml = new XmlEncoder('full');
    const texts = (): string[] => [json.bare(lease), xml.application({ name: 'ORDERS', leases: [lease] })];
    const before = texts();
    clock.advance(5_000);
    lease.renew();
    const after = texts();
    expect(after[0]).toContain(`"lastRenewalTimestamp":${clock.now()}`);
    expect(after[1]).toContain(`<lastRenewalTimestamp>${clock.now()}</lastRenewalTimestamp>`);
    const rest = (one: string): string => one.replace(/lastRenewalTimestamp\W+\d+/, '');
    expect(after.map(rest)).toEqual(before.map(rest));
  });

  it('names this server’s own instance', () => {
    expect(new JsonEncoder('full', 'orders-1').bare(leaseOf({}))).toContain('"isCoordinatingDiscoveryServer":"true"');
    const own = new XmlEncoder('full', 'orders-1').instance(leaseOf({}));
    expect(new XMLParser().parse(own).instance.isCoordinatingDiscoveryServer).toBe(true);
  });
});
