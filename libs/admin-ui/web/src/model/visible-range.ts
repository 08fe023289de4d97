/** Rows kept above and below the visible ones, so that a fast scroll does not show blanks. */
export const OVERSCAN = 8;

/** Half-open range of rows to have in the document. All measures in CSS pixels. */
export function visibleRange(scrollTop: number, height: number, rowHeight: number, total: number): [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const end = Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  return [Math.min(first, end), end];
}

/**
 * Where to scroll so that row `index` is wholly visible, moving as little as possible. The topmost `covered` pixels lie
 * under something that is pinned there.
 */
export function scrollTopShowing(
  index: number,
  scrollTop: number,
  height: number,
  rowHeight: number,
  covered = 0,
): number {
  const top = index * rowHeight;
  if (top < scrollTop + covered) return Math.max(0, top - covered);
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
