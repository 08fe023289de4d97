import { describeWith } from './engine.ts';
import { startConsul } from './consul.ts';
import { startRedis } from './redis.ts';

describeWith(['redis'], 'Redis for tests', () => {
  it('starts on a port of its own and leaves nothing behind', async () => {
    const [one, two] = await Promise.all([startRedis(), startRedis()]);
    expect(one.port).not.toBe(two.port);
    await Promise.all([one.stop(), two.stop()]);
    expect(one.process.exitCode ?? one.process.signalCode).not.toBeNull();
  });
});

describeWith(['consul'], 'Consul for tests', () => {
  it('registers a service', async () => {
    const consul = await startConsul();
    try {
      const registered = await fetch(`${consul.url}/v1/agent/service/register`, {
        method: 'PUT',
        body: JSON.stringify({ Name: 'orders', Port: 8081 }),
      });
      expect(registered.status).toBe(200);
      const answer = await fetch(`${consul.url}/v1/catalog/service/orders`);
      expect(await answer.json()).toMatchObject([{ ServiceName: 'orders', ServicePort: 8081 }]);
    } finally {
      await consul.stop();
    }
  }, 40_000);
});
