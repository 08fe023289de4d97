export interface ConfigurationState {
  readonly commit: string;
  /** `last-good`: from disk, or a newer one is refused. */
  readonly state: 'none' | 'live' | 'last-good';
  /** When what is in effect came. */
  readonly since: number;
}
