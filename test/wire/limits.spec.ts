import { breakerPolicy, outlierPolicy, retryPolicy } from '#traffic';
import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();

describe('an endpoint whose connections are all in use', () => {
  /** Holds every answer back until it is told to give them. */
  async function holding() {
    const held: (() => void)[] = [];
    const origin = await wire.origin((received, socket) => {
      held.push(() => echoPath(received, socket));
    });
    return { origin, held };
  }

  it('serves who waits with the next connection that gets free, in order', async () => {
    const { origin, held } = await holding();
    const port = await wire.serve([origin.port], { cluster: { maxConnections: 1 } });
    const first = (await wire.client(port)).send(last('GET', '/1'));
    await origin.until(() => held.length === 1);
    const second = (await wire.client(port)).send(last('POST', '/2', 'Content-Length: 0\r\n'));
    await wire.until(() => wire.plane.inFlight === 2);
    const third = (await wire.client(port)).send(last('GET', '/3'));
    await wire.until(() => wire.plane.inFlight === 3);
    for (const [index, client] of [first, second, third].entries()) {
      await origin.until(() => held.length === index + 1);
      held[index]?.();
      expect(await client.end()).toMatch(new RegExp(`\r\n\r\n/${index + 1}$`));
    }
    expect(origin.connections).toHaveLength(1);
  });

  it('opens a connection for who waits when one breaks', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.includes('POST')) setTimeout(() => socket.destroy(), 20);
      else echoPath(received, socket);
    });
    const port = await wire.serve([origin.port], { cluster: { maxConnections: 1 } });
    const first = (await wire.client(port)).send(last('POST', '/1', 'Content-Length: 0\r\n'));
    await origin.until(({ connections }) => connections.length === 1);
    expect(await wire.answers(port, last('GET', '/2'))).toMatchObject([{ status: 200, body: '/2' }]);
    expect(await first.end()).toMatch(/^HTTP\/1\.1 502 /);
  });

  it.each([
    ['who waits for too long', { pendingTimeoutMs: 30 }],
    ['one more than may wait', { maxPendingRequests: 0 }],
  ])('refuses %s', async (_, limits) => {
    const { origin, held } = await holding();
    const port = await wire.serve([origin.port], { cluster: { maxConnections: 1, ...limits } });
    const first = (await wire.client(port)).send(last('GET', '/1'));
    await origin.until(() => held.length === 1);
    expect(await wire.answers(port, last('GET', '/2'))).toMatchObject([{ status: 503 }]);
    expect(wire.records).toMatchObject([{ outcome: 'overloaded', errorCode: 'no-connection' }]);
    held[0]?.();
    expect(await first.end()).toMatch(/\/1$/);
  });

  it('forgets who leaves while waiting', async () => {
    const { origin, held } = await holding();
    const port = await wire.serve([origin.port], { cluster: { maxConnections: 1, maxPendingRequests: 1 } });
    const first = (await wire.client(port)).send(last('GET', '/1'));
    await origin.until(() => held.length === 1);
    const second = (await wire.client(port)).send(head('POST', '/2', 'Content-Length: 3\r\n'));
    await wire.until(() => wire.plane.inFlight === 2);
    second.socket.resetAndDestroy();
    await wire.recorded(1);
    expect(wire.outcomes()).toEqual(['client-aborted']);
    const third = (await wire.client(port)).send(last('GET', '/3'));
    await wire.until(() => wire.plane.inFlight === 2);
    held[0]?.();
    await origin.until(() => held.length === 2);
    held[1]?.();
    expect([await first.end(), await third.end()].map((text) => text.slice(-2))).toEqual(['/1', '/3']);
    expect(origin.connections.join('')).not.toContain('/2');
  });
});

describe('concurrent requests, retries, breaker and outliers', () => {
  it('refuses more requests at once than the cluster allows', async () => {
    const origin = await wire.origin(() => undefined);
    const port = await wire.serve([origin.port], { cluster: { maxConcurrentRequests: 1 } });
    const first = (await wire.client(port)).send(head('GET', '/1'));
    await origin.until(({ connections }) => connections.length === 1);
    expect(await wire.answers(port, last('GET', '/2'))).toMatchObject([{ status: 503 }]);
    expect(wire.outcomes()).toEqual(['overloaded']);
    first.socket.destroy();
  });

  it('tries again for a status and sends the whole body again, on another instance', async () => {
    const bad = await wire.origin((received, socket) => {
      if (received.endsWith('hello')) socket.write(sized('no', '', '503 Service Unavailable'));
    });
    const good = await wire.origin((received, socket) => {
      if (received.endsWith('hello')) socket.write(sized('yes'));
    });
    const retry = retryPolicy({ retries: 1, statuses: [503], methods: ['PUT'] });
    const port = await wire.serve([bad.port, good.port], { route: { retry } });
    for (const path of ['/1', '/2']) {
      const answers = await wire.answers(port, last('PUT', path, 'Content-Length: 5\r\n') + 'hello');
      expect(answers).toMatchObject([{ status: 200, body: 'yes' }]);
    }
    expect(wire.records.map(({ attempts }) => attempts.map(({ status }) => status))).toContainEqual([503, 200]);
  });

  it('gives the last status to the client when the retries are used up, or the method may not be repeated', async () => {
    const origin = await wire.origin((_, socket) => void socket.write(sized('no', '', '503 Service Unavailable')));
    const port = await wire.serve([origin.port], { route: { retry: retryPolicy({ retries: 2, statuses: [503] }) } });
    expect(await wire.answers(port, last('GET', '/'))).toMatchObject([{ status: 503, body: 'no' }]);
    expect(await wire.answers(port, last('POST', '/', 'Content-Length: 0\r\n'))).toMatchObject([{ status: 503 }]);
    expect(wire.records.map(({ attempts }) => attempts.length)).toEqual([3, 1]);
    expect(wire.outcomes()).toEqual(['upstream-error', 'upstream-error']);
  });

  it('stops trying again when the budget is used up', async () => {
    const origin = await wire.origin((_, socket) => void socket.write(sized('no', '', '503 Service Unavailable')));
    const retry = retryPolicy({ retries: 1, statuses: [503], budget: { ratio: 0, minPerSecond: 0.2 } });
    const port = await wire.serve([origin.port], { route: { retry } });
    for (let request = 0; request < 5; request++) await wire.talk(port, last('GET', '/'));
    const attempts = wire.records.map((record) => record.attempts.length);
    expect(attempts[0]).toBe(2);
    expect(attempts.at(-1)).toBe(1);
  });

  it('leaves a service alone whose breaker is open, tries it again, and closes when it is well', async () => {
    let well = false;
    const origin = await wire.origin((received, socket) => {
      if (well) echoPath(received, socket);
      else socket.write(sized('no', '', '500 Internal Server Error'));
    });
    const breaker = breakerPolicy({
      name: 'b',
      window: { kind: 'count', size: 2 },
      minimumCalls: 2,
      failureStatuses: [500],
      openMs: 60,
      halfOpenCalls: 1,
    });
    const port = await wire.serve([origin.port], { route: { breaker } });
    const ask = async () => (await wire.answers(port, last('GET', '/')))[0]?.status;
    expect([await ask(), await ask(), await ask()]).toEqual([500, 500, 503]);
    expect(origin.connections.join('').match(/GET/g)).toHaveLength(2);
    well = true;
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect(wire.outcomes()).toEqual(['upstream-error', 'upstream-error', 'breaker-open', 'success', 'success']);
  });

  it('goes the other way when the call fails, body included, and when the breaker is open', async () => {
    const main = await wire.origin((_, socket) => void socket.write(sized('no', '', '500 Internal Server Error')));
    const spare = await wire.origin((received, socket) => {
      if (received.endsWith('hello')) socket.write(sized(`spare ${/POST (\S+)/.exec(received)?.[1] ?? ''}`));
    });
    const breaker = breakerPolicy({
      name: 'b',
      window: { kind: 'count', size: 1 },
      minimumCalls: 1,
      failureStatuses: [500],
      fallbackPath: '/spare',
    });
    const port = await wire.serveTwo(main.port, spare.port, { breaker });
    for (const expected of [1, 1]) {
      const answers = await wire.answers(port, last('POST', '/main', 'Content-Length: 5\r\n') + 'hello');
      expect(answers).toMatchObject([{ status: 200, body: 'spare /spare' }]);
      expect(main.connections.join('').match(/POST/g)).toHaveLength(expected);
    }
    expect(wire.outcomes()).toEqual(['success', 'success']);
  });

  it('takes an instance out that fails in a row', async () => {
    const bad = await wire.origin((_, socket) => void socket.write(sized('bad', '', '500 Internal Server Error')));
    const good = await wire.origin((_, socket) => void socket.write(sized('good')));
    const outlier = outlierPolicy({ consecutiveFailures: 2, maxEjectionPercent: 50 });
    const port = await wire.serve([bad.port, good.port], { cluster: { outlier } });
    const bodies: (string | undefined)[] = [];
    for (let request = 0; request < 12; request++) {
      bodies.push((await wire.answers(port, last('GET', '/')))[0]?.body);
    }
    expect(bodies.filter((body) => body === 'bad')).toHaveLength(2);
    expect(new Set(bodies.slice(5))).toEqual(new Set(['good']));
  });
});
