import type { BoundNode, Bounds } from '#config';
import type { Problem } from '#kernel';

/** Settings of one client before those of all: the first place that has a value wins. */
export interface Layers {
  at(path: string): Layers;
  boolean(path: string): boolean | undefined;
  integer(path: string, bounds?: Bounds): number | undefined;
  number(path: string, bounds?: Bounds): number | undefined;
  duration(path: string): number | undefined;
  list(path: string): readonly string[] | undefined;
  /** Leaves a problem where the winning value stands. */
  report(path: string, problem: Pick<Problem, 'code' | 'message' | 'remedy'>): void;
}

export function layered(nodes: readonly BoundNode[]): Layers {
  const first = <Value>(read: (node: BoundNode) => Value | undefined): Value | undefined => {
    for (const node of nodes) {
      const value = read(node);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return {
    at: (path) => layered(nodes.map((node) => node.at(path))),
    boolean: (path) => first((node) => node.boolean(path)),
    integer: (path, bounds) => first((node) => node.integer(path, bounds)),
    number: (path, bounds) => first((node) => node.number(path, bounds)),
    duration: (path) => first((node) => node.duration(path)),
    list: (path) => first((node) => node.list(path)),
    report: (path, problem) =>
      nodes
        .find((node) => node.at(path).exists)
        ?.at(path)
        .report(problem),
  };
}
