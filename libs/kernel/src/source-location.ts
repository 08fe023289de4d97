/** Where a setting, route or property was written. Lines and columns count from 1. */
export interface SourceLocation {
  /** Path or URL as the user knows it: `config-repo/gateway.yml`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** `file`, `file:line` or `file:line:column`, the form editors and terminals can open. */
export function formatLocation(location: SourceLocation): string {
  const line = location.line === undefined ? '' : `:${location.line}`;
  const column = location.line === undefined || location.column === undefined ? '' : `:${location.column}`;
  return `${location.file}${line}${column}`;
}
