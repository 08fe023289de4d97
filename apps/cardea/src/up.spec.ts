import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from './command-line.ts';
import { RecordingTerminal } from './terminal.fixture.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-up-'));
  mkdirSync(join(folder, 'config-repo'));
  writeFileSync(join(folder, 'config-repo/gateway.yml'), 'a: 1\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const terminal = new RecordingTerminal();
  const status = await runCommandLine(args, terminal);
  return { status, out: terminal.out, notes: terminal.notes };
}

const free = () => [
  '--server.port=0',
  '--management.server.port=0',
  '--cardea.registry.port=0',
  '--cardea.config-server.port=0',
  `--cardea.data-dir=${join(folder, 'data')}`,
  `--cardea.config-repo=${join(folder, 'config-repo')}`,
];

describe('cardea up', () => {
  it.each([
    ['--server.prt=1', '--server.prt: unknown setting "server.prt"; did you mean --server.port?'],
    ['--demmo', '--demmo is not known here; did you mean --demo?'],
    ['--cofig=x.yml', '--cofig is not known here; did you mean --config?'],
    ['--serverport=1', '--serverport: unknown setting "serverport"; did you mean --server.port?'],
    [
      '--zuul.routes.a.path=/a',
      '--zuul.routes.a.path: unknown setting "zuul.routes.a.path"; `cardea doctor --settings` lists all settings',
    ],
    [
      '--cardea.gateway.workers=many',
      'cardea.gateway.workers: "many" is no number of processes; give a number from 1 to 256, or auto',
    ],
    ['--config=nowhere.yml', 'there is no nowhere.yml; name a YAML or properties file after --config'],
    [
      '--server.address=0.0.0.0',
      'server.address=0.0.0.0 would let the network in without credentials; leave it at 127.0.0.1, or allow it: --cardea.insecure=true',
    ],
    [
      '--cardea.config-repo=/nowhere',
      'there is no folder /nowhere to read the configuration from; create it with a gateway.yml in it, or name another: --cardea.config-repo=FOLDER',
    ],
  ])('%s is one line that says what to do', async (word, line) => {
    expect(await run('up', ...free(), word)).toEqual({ status: 1, out: [], notes: [line] });
  });

  it('says which port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { status, notes } = await run('up', ...free(), `--management.server.port=${port}`);
    taken.close();
    expect(status).toBe(1);
    expect(notes).toEqual([
      expect.stringMatching(new RegExp(`^port ${port} of 127.0.0.1 is taken; .*--management.server`)),
    ]);
  });

  it('reads profile documents of --config files', async () => {
    const file = join(folder, 'my.yml');
    writeFileSync(
      file,
      'server:\n  port: 0\n---\nspring.config.activate.on-profile: prod\nserver:\n  address: 0.0.0.0\n',
    );
    const { notes } = await run(
      'up',
      `--config=${file}`,
      '--spring.profiles.active=prod',
      '--cardea.config-repo=/nowhere',
    );
    expect(notes).toEqual([expect.stringContaining('server.address=0.0.0.0 would let the network in')]);
  });
});

describe('cardea doctor', () => {
  it('finds everything in order', async () => {
    const { status, out } = await run('doctor', ...free());
    expect(status).toBe(0);
    expect(out.filter((line) => line.startsWith('ok'))).toHaveLength(7);
  });

  it('lists what is wrong and what is ignored', async () => {
    writeFileSync(join(folder, 'config-repo/broken.yml'), 'a: [\n');
    const file = join(folder, 'shared.properties');
    writeFileSync(file, 'zuul.prefix=/x\n');
    const { status, out, notes } = await run(
      'doctor',
      '--json',
      ...free(),
      `--config=${file}`,
      '--cardea.drain-timeout=x',
    );
    expect(status).toBe(1);
    const { findings }: { findings: { verdict: string; what: string }[] } = JSON.parse(out.join(''));
    const said = (verdict: string) => findings.filter((finding) => finding.verdict === verdict).map(({ what }) => what);
    expect(said('bad')).toEqual([
      expect.stringContaining('"x" is not a duration'),
      expect.stringMatching(/broken\.yml:\d+:\d+: not valid YAML/),
    ]);
    expect(said('note')).toEqual([`${file}:1:13: zuul.prefix is not a setting of Cardea and is ignored`]);
    expect(notes).toHaveLength(1);
  });
});
