import type { Lease } from './lease.ts';

interface Node {
  readonly due: number;
  readonly lease: Lease;
}

/**
 * Leases by the time they run out: a binary heap. A renewal does not touch it; a lease whose time comes is put back when it
 * was renewed meanwhile, so a heartbeat costs nothing here.
 */
export class ExpiryQueue {
  readonly #heap: Node[] = [];

  /** Monotonic ms at which to look again, undefined when nothing waits. */
  get nextDue(): number | undefined {
    return this.#heap[0]?.due;
  }

  push(lease: Lease): void {
    const heap = this.#heap;
    const node: Node = { due: lease.deadline, lease };
    let at = heap.length;
    heap.push(node);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.due <= node.due) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = node;
  }

  /** Takes out the leases that have run out. Those renewed since go back; those that `isCurrent` denies are forgotten. */
  takeDue(monotonic: number, isCurrent: (lease: Lease) => boolean): Lease[] {
    const due: Lease[] = [];
    for (let top = this.#heap[0]; top && top.due <= monotonic; top = this.#heap[0]) {
      this.#pop();
      if (!isCurrent(top.lease)) continue;
      if (top.lease.isDue(monotonic)) due.push(top.lease);
      else this.push(top.lease);
    }
    return due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const a = heap[left];
      const b = heap[left + 1];
      const child = b !== undefined && a !== undefined && b.due < a.due ? left + 1 : left;
      const below = heap[child];
      if (below === undefined || below.due >= last.due) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
