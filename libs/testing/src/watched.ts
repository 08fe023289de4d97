/** Lets tests wait for a state instead of sleeping: whoever changes it calls `changed`. */
export class Watched {
  readonly #waiting = new Set<() => void>();

  changed(): void {
    for (const check of this.#waiting) check();
  }

  /** Resolves once `condition` holds; after five seconds it throws what `describe` says. */
  async until(condition: () => boolean, describe: () => string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`waited in vain: ${describe()}`));
      }, 5_000);
      const stop = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
    });
  }
}
