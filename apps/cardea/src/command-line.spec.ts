import type { Command } from 'commander';
import { CardeaError } from '#kernel';
import { runCommandLine } from './command-line.ts';
import type { CommandEntry } from './command-table.ts';
import { RecordingTerminal } from './terminal.fixture.ts';
import type { Terminal } from './terminal.ts';

function entry(name: string, register: (command: Command, terminal: Terminal) => void): CommandEntry {
  return { name, summary: `does ${name}`, load: async () => ({ register }) };
}

const commands = [
  entry('greet', (command, terminal) => {
    command
      .argument('<name>')
      .option('--json')
      .action((name: string, options: { json?: boolean }) =>
        options.json ? terminal.json({ name }) : terminal.line(`hello ${name}`),
      );
  }),
  entry('fail', (command) => {
    command.action(() => {
      throw new CardeaError('port-taken', 'port 8080 is taken', { source: 'internal', remedy: 'stop what uses it' });
    });
  }),
  entry('group', (command, terminal) => {
    command.command('inner').action(() => terminal.line('inner ran'));
  }),
];

async function run(...args: string[]) {
  const terminal = new RecordingTerminal();
  const status = await runCommandLine(args, terminal, commands);
  return { status, out: terminal.out.join('\n'), notes: terminal.notes.join('\n') };
}

describe('the command line', () => {
  it('runs a command with its arguments', async () => {
    expect(await run('greet', 'Ada')).toEqual({ status: 0, out: 'hello Ada', notes: '' });
    expect(await run('greet', 'Ada', '--json')).toEqual({ status: 0, out: '{"name":"Ada"}', notes: '' });
    expect(await run('group', 'inner')).toEqual({ status: 0, out: 'inner ran', notes: '' });
  });

  it('lists every command with its summary', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('greet  does greet');
    expect(out).toContain('fail   does fail');
  });

  it('prints the help of one command', async () => {
    for (const args of [
      ['greet', '--help'],
      ['help', 'greet'],
    ]) {
      const { status, out } = await run(...args);
      expect(status).toBe(0);
      expect(out).toContain('Usage: cardea greet [options] <name>');
    }
  });

  it('suggests a command for a typing error', async () => {
    const { status, notes } = await run('gret');
    expect(status).toBe(1);
    expect(notes).toBe('cardea: there is no command "gret"; did you mean `cardea greet`?');
  });

  it('says what to do when the arguments are wrong', async () => {
    const missing = await run('greet');
    expect(missing.status).toBe(1);
    expect(missing.notes).toBe("cardea greet: missing required argument 'name'; see `cardea greet --help`");
    const unknown = await run('greet', 'Ada', '--jsn');
    expect(unknown.status).toBe(1);
    expect(unknown.notes).toContain("unknown option '--jsn'");
    expect(unknown.notes.split('\n')).toHaveLength(1);
  });

  it('turns a fault into one line', async () => {
    expect(await run('fail')).toEqual({ status: 1, out: '', notes: 'port 8080 is taken; stop what uses it' });
  });
});
