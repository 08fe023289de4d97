/** Name of a service as registries know it. Compared without case; shown as first written. */
export type ServiceId = string;

/** The five statuses of Eureka; only `UP` receives traffic. */
export type InstanceStatus = 'UP' | 'DOWN' | 'STARTING' | 'OUT_OF_SERVICE' | 'UNKNOWN';

/** One running copy of a service, in the terms that discovery and balancing need. */
export interface Instance {
  readonly id: string;
  readonly service: ServiceId;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly status: InstanceStatus;
  /** Share of traffic relative to its siblings; 1 unless set. 0 drains. */
  readonly weight: number;
  readonly zone?: string;
  readonly metadata: Readonly<Record<string, string>>;
}
