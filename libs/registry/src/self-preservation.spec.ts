import { instanceInfo, ManualClock } from '#testing';
import { LeaseRegistry } from './lease-registry.ts';
import type { RegistryOptions } from './registry-options.ts';

const INTERVAL = 30_000;

class Fleet {
  readonly clock = new ManualClock();
  readonly registry: LeaseRegistry;
  readonly alive = new Set<string>();

  constructor(size: number, options: Partial<RegistryOptions> = {}) {
    this.registry = new LeaseRegistry(this.clock, options);
    for (let i = 0; i < size; i++) this.add(`n${i}`);
  }

  add(id: string): void {
    this.alive.add(id);
    this.registry.register(instanceInfo({ id }));
  }

  kill(count: number): void {
    for (const id of [...this.alive].slice(0, count)) this.alive.delete(id);
  }

  /** Lets time pass while those alive renew as they promised. */
  run(ms: number): void {
    for (let passed = 0; passed < ms; passed += INTERVAL) {
      this.clock.advance(Math.min(INTERVAL, ms - passed));
      for (const id of this.alive) this.registry.renew('ORDERS', id);
    }
  }
}

it('lets a killed service go at its expiry in a small registry that is otherwise healthy', () => {
  const fleet = new Fleet(6);
  fleet.run(60_000);
  fleet.kill(3);
  fleet.run(91_000);
  expect(fleet.registry.size).toBe(3);
});

it('lets the last instance go too', () => {
  const fleet = new Fleet(1);
  fleet.kill(1);
  fleet.run(91_000);
  expect(fleet.registry.size).toBe(0);
});

it('holds all when many stop at once, shows why, and lets them go on when they come back', () => {
  const fleet = new Fleet(20);
  fleet.run(60_000);
  fleet.kill(10);
  fleet.run(120_000);
  const { registry } = fleet;
  expect(registry.size).toBe(20);
  expect(registry.heldLeases.size).toBe(10);
  const held = registry.find('ORDERS', 'n0');
  expect(held?.held?.reason).toBe('10 of 20 leases stopped renewing at once (limit 3)');
  expect(registry.census.protecting).toBe(true);

  registry.renew('ORDERS', 'n0');
  expect(held?.held).toBeUndefined();
  expect(registry.heldLeases.size).toBe(9);
});

it('gives the dead up once they are few among the living', () => {
  const fleet = new Fleet(20);
  fleet.kill(6);
  fleet.run(120_000);
  expect(fleet.registry.size).toBe(20);
  for (let i = 0; i < 40; i++) fleet.add(`late${i}`);
  fleet.run(2_000);
  expect(fleet.registry.size).toBe(54);
  expect(fleet.registry.heldLeases.size).toBe(0);
});

it('gives them up after its limit while most of the others renew', () => {
  const fleet = new Fleet(20, { selfPreservationLimitMs: 300_000 });
  fleet.kill(8);
  fleet.run(240_000);
  expect(fleet.registry.size).toBe(20);
  fleet.run(180_000);
  expect(fleet.registry.size).toBe(12);
});

it('holds beyond its limit when most of the fleet is silent: then it is the network', () => {
  const fleet = new Fleet(20, { selfPreservationLimitMs: 300_000 });
  fleet.kill(15);
  fleet.run(3_600_000);
  expect(fleet.registry.size).toBe(20);
});

it('holds nobody when it is off', () => {
  const fleet = new Fleet(20, { selfPreservation: false });
  fleet.kill(20);
  fleet.run(91_000);
  expect(fleet.registry.size).toBe(0);
});

it('measures a client by the rhythm it keeps, not only by the one it promised', () => {
  const fleet = new Fleet(0);
  for (let i = 0; i < 10; i++) {
    fleet.alive.add(`slow${i}`);
    fleet.registry.register(instanceInfo({ id: `slow${i}`, renewalIntervalMs: 5_000 }));
  }
  fleet.run(120_000);
  fleet.clock.advance(20_000);
  expect(fleet.registry.census.missing).toBe(0);
});

it('can cancel what it holds', () => {
  const fleet = new Fleet(20);
  fleet.kill(10);
  fleet.run(120_000);
  fleet.registry.cancel('ORDERS', 'n0');
  expect(fleet.registry.heldLeases.size).toBe(9);
  expect(fleet.registry.size).toBe(19);
});
