export interface EnvironmentRequest {
  /** One or more names, comma-separated. */
  readonly application: string;
  /** As written in the request: `dev,qa`. */
  readonly profiles: string;
  readonly label: string | undefined;
}
