import type { Observable } from 'rxjs';

/** What is needed of a transport of `@nestjs/microservices`. */
export interface Transport {
  readonly server: {
    addHandler(pattern: string, handler: (data: unknown) => Promise<Observable<never>>, isEvent: boolean): void;
    listen(callback: (error?: unknown) => void): unknown;
    close(): unknown;
  };
  readonly client: {
    connect(): Promise<unknown>;
    emit(pattern: string, data: unknown): Observable<unknown>;
    close(): unknown;
  };
  /** Cuts the connections, whatever state they are in. */
  readonly sever: () => void;
}
