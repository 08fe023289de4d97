/** Spring Boot's words. `OUT_OF_SERVICE`: on purpose, for example while draining. */
export type HealthStatus = 'UP' | 'DOWN' | 'OUT_OF_SERVICE' | 'UNKNOWN';

export interface ComponentHealth {
  readonly status: HealthStatus;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One thing that can be well or not. */
export interface HealthIndicator {
  readonly name: string;
  /** Groups beside the whole that it counts in. */
  readonly groups: readonly ('readiness' | 'liveness')[];
  check(): ComponentHealth | Promise<ComponentHealth>;
}

export interface HealthReport extends ComponentHealth {
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

/** Worst first, as Spring Boot orders them. */
const SEVERITY: readonly HealthStatus[] = ['DOWN', 'OUT_OF_SERVICE', 'UP', 'UNKNOWN'];

/** Asks the indicators of a process. One that throws or takes too long is down; the others still answer. */
export class Health {
  readonly #indicators: readonly HealthIndicator[];
  readonly #timeoutMs: number;

  constructor(indicators: readonly HealthIndicator[], timeoutMs = 1_000) {
    this.#indicators = indicators;
    this.#timeoutMs = timeoutMs;
  }

  async report(group?: 'readiness' | 'liveness'): Promise<HealthReport> {
    const asked = this.#indicators.filter(({ groups }) => group === undefined || groups.includes(group));
    const answers = await Promise.all(asked.map(async (each) => [each.name, await this.#ask(each)] as const));
    const statuses = new Set(answers.map(([, { status }]) => status));
    const status = SEVERITY.find((candidate) => statuses.has(candidate)) ?? 'UP';
    return { status, components: Object.fromEntries(answers) };
  }

  async #ask(indicator: HealthIndicator): Promise<ComponentHealth> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ComponentHealth>((resolve) => {
      timer = setTimeout(
        () => resolve({ status: 'DOWN', details: { error: `no answer within ${this.#timeoutMs} ms` } }),
        this.#timeoutMs,
      );
    });
    try {
      return await Promise.race([indicator.check(), late]);
    } catch (error) {
      return { status: 'DOWN', details: { error: error instanceof Error ? error.message : String(error) } };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Status code of a health endpoint. */
export function httpStatusOf(status: HealthStatus): number {
  return status === 'DOWN' || status === 'OUT_OF_SERVICE' ? 503 : 200;
}
