import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, systemClock } from '#kernel';
import { ManualClock } from '#testing';
import { endpoint, route, trafficConfig } from '#traffic';
import { LastGoodFile } from './last-good.ts';
import { routesView } from './management/routes-view.ts';
import { TrafficControl } from './traffic-control.ts';
import { WorkerPool } from './worker-pool.ts';

let pool: WorkerPool;
let told: string[];
const clock = new ManualClock();

beforeEach(() => {
  told = [];
  pool = new WorkerPool({
    count: 2,
    entry: join(import.meta.dirname, '../../../test/worker-fixture.ts'),
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    clock,
    journal: new Journal(({ level, message }) => told.push(`${level} ${message}`)),
    onWindow: () => undefined,
  });
});
afterEach(() => pool.close());

interface Answer {
  readonly pid: number;
  readonly version: string;
  readonly endpoints: number;
}

/** Asks until every worker has answered. */
async function answers(port: number): Promise<readonly Answer[]> {
  const seen = new Map<number, Answer>();
  while (seen.size < 2) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    const answer: Answer = JSON.parse(await response.text());
    seen.set(answer.pid, answer);
  }
  return [...seen.values()];
}

it('serves one port with several processes, all with the same configuration or none', async () => {
  const port = await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  const good = trafficConfig({ routes: [route({ id: 'good' })] });
  expect(await pool.apply(good)).toEqual({ accepted: true });
  const refused = await pool.apply(trafficConfig({ routes: [route({ id: 'bad' })] }));
  expect(refused).toMatchObject({ accepted: false, problems: [{ message: 'a bad route' }] });
  expect((await answers(port)).map(({ version }) => version)).toEqual([good.version, good.version]);
  const [first = 0, second = 0] = pool.pids;
  expect(told.toSorted()).toEqual(
    [first, second]
      .flatMap((pid) => [
        `error worker ${pid} refuses the configuration: a bad route`,
        `info worker ${pid} takes the configuration again`,
      ])
      .toSorted(),
  );
}, 20_000);

it('tells what changes in a worker, and in which', async () => {
  const port = await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  const response = await fetch(`http://127.0.0.1:${port}/trip`);
  const { pid }: Answer = JSON.parse(await response.text());
  while (told.length === 0) await new Promise(setImmediate);
  const line = `warn circuit breaker "orders" opened: calls are refused until it is tried again (worker ${pid})`;
  expect(told).toEqual([line]);
}, 20_000);

it('replaces a worker that dies by one that knows all that it knew', async () => {
  const port = await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  const config = trafficConfig({ routes: [route({ id: 'a' })] });
  await pool.apply(config);
  pool.updateEndpoints({ cluster: 'a', endpoints: [endpoint({ host: '127.0.0.1', port: 1 })] });
  const [victim = 0, survivor] = pool.pids;
  process.kill(victim, 'SIGKILL');
  while (pool.restarts === 0) await new Promise(setImmediate);
  // It had lived for no time at all, so there is a pause first.
  expect(pool.pids).toEqual([survivor]);
  clock.advance(1_000);
  const after = await answers(port);
  expect(after.map(({ pid }) => pid)).not.toContain(victim);
  const next = pool.pids.find((pid) => pid !== survivor);
  expect(told).toEqual([
    `error worker ${victim} died (SIGKILL); another starts in 1000 ms`,
    `info worker ${next} takes the place of ${victim}`,
  ]);
  expect(after.map(({ version, endpoints }) => [version, endpoints])).toEqual([
    [config.version, 1],
    [config.version, 1],
  ]);
}, 20_000);

it('replaces a worker that dies while it takes a configuration by one that has it', async () => {
  const port = await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  await pool.apply(trafficConfig({ routes: [route({ id: 'old' })] }));
  const [victim = 0] = pool.pids;
  process.kill(victim, 'SIGSTOP');
  const config = trafficConfig({ routes: [route({ id: 'new' })] });
  const applying = pool.apply(config);
  // It hangs: it gets ten seconds, then it is replaced; it had lived for long enough to be so at once.
  while (!pool.workers.some(({ version }) => version === config.version)) await new Promise(setImmediate);
  clock.advance(10_000);
  expect(await applying).toEqual({ accepted: true });
  expect(pool.restarts).toBe(1);
  expect((await answers(port)).map(({ version }) => version)).toEqual([config.version, config.version]);
}, 20_000);

it('says of each worker which configuration it has, and why it refused another', async () => {
  await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  const good = trafficConfig({ routes: [route({ id: 'good' })] });
  await pool.apply(good);
  await pool.apply(trafficConfig({ routes: [route({ id: 'bad' })] }));
  expect(pool.workers).toMatchObject([{ version: good.version }, { version: good.version }]);
  expect(pool.workers.map(({ pid }) => pid)).toEqual(pool.pids);
}, 20_000);

it('shows people what a worker refuses, and serves on what all had', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-pool-'));
  const control = new TrafficControl(pool, new LastGoodFile(folder), clock, 'gateway');
  const take = (id: string) => {
    const properties = new Map([[`zuul.routes.${id}.path`, { value: `/${id}/**` }]]);
    return control.takeConfiguration([{ name: 'gateway.yml', properties }], id);
  };
  await pool.listen({ address: '127.0.0.1', port: 0, http2: true, limits: {} });
  await take('good');
  await take('bad');
  expect(routesView(control, clock.now())).toMatchObject({
    routes: [{ id: 'good' }],
    problems: [{ message: 'a bad route' }],
    configSource: { commit: 'good', state: 'last-good' },
  });
  expect(pool.workers.map(({ version }) => version)).toEqual([control.traffic?.version, control.traffic?.version]);
  await control.close();
  rmSync(folder, { recursive: true });
}, 20_000);

it('asks all workers what they see, however many ask', async () => {
  const views = await Promise.all([pool.view(), pool.view()]);
  expect(views.map(([view]) => [view?.planes, view?.endpoints[0]?.active])).toEqual([
    [2, 2],
    [2, 2],
  ]);
}, 20_000);

it('tells why it cannot listen, and drains', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await expect(pool.listen({ address: '127.0.0.1', port, http2: true, limits: {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  taken.close();
  await pool.drain(systemClock.now());
}, 20_000);
