import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFiles, sourcesFor } from './repository.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Values of one key, strongest first. */
function valuesOf(application: string, profiles: readonly string[]): readonly unknown[] {
  return sourcesFor(readConfigFiles(folder), application, profiles).flatMap(({ properties }) => properties.get('a')?.value ?? []);
}

it('orders sources as Spring does: profiles before none, the application before what all share', () => {
  write({
    'application.yml': 'a: shared\n---\nspring.config.activate.on-profile: prod\na: shared document\n',
    'application-prod.yml': 'a: shared prod\n',
    'gateway.yml': 'a: own\n',
    'gateway-prod.properties': 'a=own prod\n',
    'gateway-dev.yml': 'a: own dev\n',
    'order-service.yml': 'a: other\n',
  });
  expect(valuesOf('gateway', [])).toEqual(['own', 'shared']);
  expect(valuesOf('gateway', ['prod'])).toEqual(['own prod', 'shared prod', 'own', 'shared document', 'shared']);
  expect(valuesOf('gateway', ['dev', 'prod'])[0]).toBe('own prod');
  expect(valuesOf('order-service', [])).toEqual(['other', 'shared']);
});

it.each([
  ['prod', ['prod'], true],
  ['prod', [], false],
  ['!prod', [], true],
  ['a | b', ['b'], true],
  ['a & b', ['b'], false],
  ['a,b', ['a'], true],
])('a document for "%s" under %j', (expression, profiles, active) => {
  write({ 'gateway.yml': `spring.config.activate.on-profile: "${expression}"\na: x\n` });
  expect(valuesOf('gateway', profiles)).toEqual(active ? ['x'] : []);
});

it('finds what a config server would refuse', () => {
  write({
    'a.yml': 'spring.config.import: "vault://x"\n',
    'b.yml': 'spring.config.activate.on-profile: eu\nspring.profiles.include: x\n',
    'c.properties': 'pw={cipher}00\nspring.profiles=eu\n',
  });
  const codes = readConfigFiles(folder).map(({ problems }) => problems.map(({ code }) => code));
  expect(codes).toEqual([['unknown-import'], ['profiles-in-profile'], ['legacy-profiles']]);
});

it('skips what is no configuration and says which path is missing', () => {
  write({ 'readme.md': 'x', '.git/config.yml': 'a: b', 'sub/x.yml': 'a: 1\n' });
  expect(readConfigFiles(folder).map(({ application }) => application)).toEqual(['x']);
  expect(() => readConfigFiles(join(folder, 'nope'))).toThrow(/there is no .*nope/);
});
