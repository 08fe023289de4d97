import { useLayoutEffect, useState } from 'preact/hooks';

/** A value that tells its readers when it is replaced. */
export class Store<T> {
  #value: T;
  readonly #readers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const reader of this.#readers) reader();
  }

  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }
}

/** Renders the component again whenever the store changes. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useState({});
  useLayoutEffect(() => {
    const seen = store.get();
    const leave = store.subscribe(() => render({}));
    // It may have changed between the rendering and this effect.
    if (!Object.is(seen, store.get())) render({});
    return leave;
  }, [store]);
  return store.get();
}
