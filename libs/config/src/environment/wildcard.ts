/** Whether a text is what a pattern means: `*` stands for anything within a path segment, `**` for anything at all. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's').test(text);
}
