import { selfSigned } from '#testing';
import { retryPolicy } from '#traffic';
import { runClient, type Fate } from './identity-client.ts';
import { IdentityOrigin } from './identity-origin.ts';
import { WireGateway } from './gateway.ts';
import { Random } from './random.ts';

const wire = WireGateway.use();
const seed = Date.now() % 2_147_483_647;
const CLIENTS = 12;
const identity = selfSigned('DNS:localhost', 'IP:127.0.0.1');

it.each([
  { over: 'TCP', batches: 60, tls: undefined },
  { over: 'TLS', batches: 8, tls: identity },
])(
  `gives every answer over $over to its request, and accounts for every request (seed ${seed})`,
  async (run) => {
    const { batches, tls } = run;
    const random = new Random(seed);
    const origins = [new IdentityOrigin(tls), new IdentityOrigin(tls), new IdentityOrigin(tls)];
    for (const origin of origins) await origin.start();
    const port = await wire.serve(
      origins.map((origin) => origin.port),
      {
        route: { retry: retryPolicy({ retries: 2, statuses: [503], methods: ['GET', 'PUT'] }) },
        cluster: { maxConnections: 20, ...(tls && { tls: { verify: true, caPem: tls.cert } }) },
        ...(tls && { tls }),
      },
    );
    let over = false;
    const killing = killInTurn(origins, random, () => over);
    const fates: Fate[] = [];
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (let batch = 0; batch < batches; batch++) {
          fates.push(...(await runClient(port, random, random.between(1, 20), tls?.cert)));
        }
      }),
    );
    over = true;
    await killing;
    // Clients that left take their requests with them a moment later.
    await wire.until(() => wire.plane.inFlight === 0);
    for (const origin of origins) await origin.kill();

    expect(origins.flatMap(({ violations }) => violations)).toEqual([]);
    const records = new Map<string, string>();
    for (const { target, outcome } of wire.records) {
      const id = target.split('/').at(-1) ?? '';
      if (records.has(id)) throw new Error(`${id} is recorded twice`);
      records.set(id, outcome);
    }
    const strange = fates.filter((fate) => !explains(fate, records.get(fate.id)));
    expect(strange.map((fate) => JSON.stringify({ ...fate, outcome: records.get(fate.id) }))).toEqual([]);
    const asked = new Set(fates.map(({ id }) => id));
    expect([...records.keys()].filter((id) => !asked.has(id))).toEqual([]);
    // A request that may have had an effect is never sent again.
    const posts = fates.filter(({ method }) => method === 'POST').map(({ id }) => id);
    const twice = posts.filter((id) => origins.reduce((sum, { seen }) => sum + (seen.get(id) ?? 0), 0) > 1);
    expect(twice).toEqual([]);
    const counts = Map.groupBy(fates, ({ end }) => end);
    expect(fates.length).toBeGreaterThan(batches * 80);
    expect(counts.get('answered')?.length).toBeGreaterThan(fates.length / 3);
    for (const end of ['told', 'cut', 'unanswered', 'left'] as const)
      expect(counts.get(end)?.length).toBeGreaterThan(5);
  },
  25_000,
);

/** Whether the record fits what the client saw. */
function explains({ end, status }: Fate, outcome: string | undefined): boolean {
  switch (end) {
    case 'answered':
      return outcome === (status === 503 ? 'upstream-error' : 'success');
    case 'told':
      return outcome?.startsWith('upstream-') === true || outcome === 'overloaded' || outcome === 'no-instance';
    case 'cut':
      return outcome === 'upstream-reset' || outcome === 'upstream-bad-response';
    case 'unanswered':
      return outcome === undefined;
    case 'left':
      return true;
    default:
      return end satisfies never;
  }
}

async function killInTurn(origins: readonly IdentityOrigin[], random: Random, over: () => boolean): Promise<void> {
  while (!over()) {
    await new Promise((resolve) => setTimeout(resolve, random.between(50, 200)));
    const origin = origins[random.between(0, origins.length - 1)];
    if (!origin) continue;
    await origin.kill();
    await new Promise((resolve) => setTimeout(resolve, random.between(0, 50)));
    await origin.start();
  }
}
