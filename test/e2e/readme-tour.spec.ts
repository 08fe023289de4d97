import { readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith } from '../engines/engine.ts';
import { Cardea, FREE_PORTS } from './cardea.ts';
import { Child, destroyAll, eventually, ROOT } from './child.ts';
import { ask } from './load.ts';
import { Workspace } from './workspace.ts';

interface Step {
  readonly commands: string;
  /** What must appear in the output, line by line. */
  readonly expected: string[];
}

/** The README's `sh` blocks, each with the `output` block that follows it. */
function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```(sh|output)\n(.*?)^```$/gms)].map(([, kind, text = '']) => ({
    kind,
    text,
  }));
  return blocks.flatMap(({ kind, text }, index) => {
    const next = blocks[index + 1];
    const expected = next?.kind === 'output' ? next.text.trim().split('\n') : [];
    return kind === 'sh' ? [{ commands: text, expected }] : [];
  });
}

let workspace: Workspace;

/** Runs the steps in one shell: each must succeed and print what stands behind it. */
async function walk(steps: readonly Step[], moved: (text: string) => string, registry: string): Promise<void> {
  const shell = new Child('bash', [], { cwd: workspace.folder, env: { REGISTRY_URL: registry } });
  for (const [index, { commands, expected }] of steps.entries()) {
    const before = shell.output.length;
    shell.process.stdin?.write(`${moved(commands)}\necho "(step ${index}: $?)"\n`);
    await shell.printed(new RegExp(`\\(step ${index}: \\d+\\)`), 30_000);
    const said = shell.output.slice(before);
    expect(said).toContain(`(step ${index}: 0)`);
    for (const line of expected) expect(said).toContain(line);
  }
}

afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

describeWith(['curl', 'git', 'python'], 'the tour of the README', () => {
  it('works as written, in order, in one shell', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const steps = stepsOf(readme);
    expect(steps.length).toBeGreaterThan(4);

    workspace = await Workspace.create({ 'config-repo/placeholder': '' });
    await cp(join(ROOT, 'config-repo'), join(workspace.folder, 'config-repo'), { recursive: true });
    await symlink(join(ROOT, 'examples'), join(workspace.folder, 'examples'));
    await mkdir(join(workspace.folder, 'bin'));
    await symlink(join(ROOT, 'bin/cardea'), join(workspace.folder, 'bin/cardea'));
    const cardea = await Cardea.start(
      workspace,
      'up',
      ['gateway', 'management', 'registry', 'config-server'],
      ['--demo', ...FREE_PORTS],
    );
    const registry = cardea.url('registry');
    await eventually(async () => (await ask(`${cardea.url('gateway')}/greeter/`)).status === 200);

    // The tour names the usual ports; here each is another free one.
    const ports = [
      ['http://127.0.0.1:8080', cardea.url('gateway')],
      ['http://127.0.0.1:9090', cardea.url('management')],
      ['http://127.0.0.1:8761', registry],
      ['http://127.0.0.1:8888', cardea.url('config-server')],
    ] as const;
    await cardea.child.printed(/within a second\n/);
    // Lines of the log begin with the time, and come when they come.
    const output = cardea.child.output.replaceAll(/^\d{4}-\d\d-\d\dT.*\n/gm, '');
    const printed = ports.reduce((text, [usual, own]) => text.replaceAll(own, usual), output);
    expect(printed).toBe(/^```text\n(gateway +ready on .*?)^```$/ms.exec(readme)?.[1]);

    const moved = (text: string) =>
      ports
        .reduce((moving, [usual, own]) => moving.replaceAll(usual, own), text)
        .replaceAll(/bin\/cardea (services|instances list orders)\b/g, `bin/cardea $1 --registry ${registry}`);
    await walk(steps, moved, registry);
  }, 120_000);
});

describeWith(['curl', 'git'], 'the guide of the plain JSON API', () => {
  it('works as written, in order, in one shell', async () => {
    workspace = await Workspace.create({ 'config-repo/gateway.yml': '' });
    const registry = (await Cardea.start(workspace, 'registry', ['registry'], ['--server.port=0'])).url('registry');
    const steps = stepsOf(readFileSync(join(ROOT, 'docs/guides/registry-api.md'), 'utf8'));
    expect(steps.length).toBeGreaterThan(10);
    await walk(steps, (text) => text.replace('http://127.0.0.1:8761', registry), registry);
  }, 60_000);
});
