import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PlaneFixture, type OriginScript } from '#testing';
import { describeWith } from '../engines/engine.ts';

const run = promisify(execFile);

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

/** Answers all requests of one read. */
const ok: OriginScript = (received, socket) => {
  if (received.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
};

describeWith(['curl'], 'curl over HTTP/2', () => {
  it('is served by prior knowledge, and by HTTP/1.1 where it asks for Upgrade: h2c', async () => {
    const { listener, origin } = await fixture.serve(ok);
    const url = `http://127.0.0.1:${listener.port}/`;
    const ask = async (option: string) => (await run('curl', ['-sS', option, '-w', ' %{http_version}', url])).stdout;
    expect(await ask('--http2-prior-knowledge')).toBe('ok 2');
    expect(await ask('--http2')).toBe('ok 1.1');
    expect(origin.connections.join('')).not.toMatch(/h2c|http2-settings/i);
  });
});

describeWith(['h2load'], 'h2load', () => {
  it('has every request answered, on connections that each have as many streams as they may', async () => {
    const { listener } = await fixture.serve(ok);
    const url = `http://127.0.0.1:${listener.port}/`;
    const { stdout } = await run('h2load', ['-n', '2000', '-c', '4', '-m', '100', url]);
    expect(stdout).toMatch(/2000 succeeded, 0 failed, 0 errored, 0 timeout/);
    expect(
      fixture.records.filter(({ protocol, outcome }) => protocol === 'HTTP/2' && outcome === 'success'),
    ).toHaveLength(2_000);
  }, 30_000);
});
