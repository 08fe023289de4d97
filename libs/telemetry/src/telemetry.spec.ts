import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { RequestRecord } from '#dataplane';
import { AccessLog } from './access-log.ts';
import { envoyFormat, jsonFormat } from './access-log-format.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { liveSecond } from './live-second.ts';
import { PrometheusMetrics } from './prometheus.ts';
import { RequestCollector } from './request-window.ts';

function record(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 'r1',
    startedAtMs: 1_760_000_000_000,
    method: 'GET',
    target: '/a?b=1',
    authority: 'a.org',
    protocol: 'HTTP/1.1',
    peerAddress: '127.0.0.1',
    clientAddress: '10.0.0.7',
    userAgent: 'curl/8',
    route: 'orders',
    cluster: 'orders',
    endpoint: '127.0.0.1:5001',
    status: 200,
    outcome: 'success',
    errorCode: undefined,
    requestBytes: 0,
    responseBytes: 12,
    durationMs: 4,
    upstreamMs: 3,
    attempts: [],
    traceId: undefined,
    spanId: undefined,
    parentSpanId: undefined,
    ...changes,
  };
}

describe('LatencyHistogram', () => {
  it('answers quantiles within nine percent, merged or not', () => {
    const [one, other] = [new LatencyHistogram(), new LatencyHistogram()];
    for (let ms = 1; ms <= 1_000; ms++) (ms % 2 === 0 ? one : other).record(ms);
    one.add(other.toSparse());
    for (const [share, exact] of [
      [0.5, 500],
      [0.99, 990],
    ] as const) {
      expect(one.quantile(share)).toBeGreaterThanOrEqual(exact);
      expect(one.quantile(share)).toBeLessThan(exact * 1.0906);
    }
    expect(new LatencyHistogram().quantile(0.5)).toBe(0);
  });

  it('counts exactly at the powers of two', () => {
    const histogram = new LatencyHistogram();
    for (const ms of [0.01, 1, 1.01, 2, 900_000, 1e12]) histogram.record(ms);
    const cumulative = new Map(histogram.cumulative());
    expect([cumulative.get(1), cumulative.get(2), cumulative.get(32_768)]).toEqual([2, 4, 4]);
    expect(histogram.total).toBe(6);
  });
});

describe('the live second', () => {
  it('adds up the workers by route, service and outcome', () => {
    const [one, other] = [new RequestCollector(), new RequestCollector()];
    one.add(record());
    one.onRequest(record({ outcome: 'upstream-reset', method: 'BREW' }));
    other.add(record({ route: undefined, cluster: undefined, outcome: 'no-route', durationMs: 0.01 }));
    const second = liveSecond([one.take(), other.take()], 5, 2);
    expect(second).toMatchObject({ at: 5, inFlight: 2, requests: 3, errors: 1, p50Ms: 4, p99Ms: 4 });
    expect(second.outcomes).toEqual({ success: 1, 'upstream-reset': 1, 'no-route': 1 });
    expect(second.routes['orders']).toMatchObject({ requests: 2, errors: 1 });
    expect(second.routes['(none)']).toMatchObject({ requests: 1, errors: 0 });
    expect(Object.keys(second.services)).toEqual(['orders']);
    expect(one.take()).toEqual({});
  });

  it('keeps the number of routes bounded', () => {
    const collector = new RequestCollector();
    for (let i = 0; i < 2_100; i++) collector.add(record({ route: `r${i}` }));
    const window = collector.take();
    expect(Object.keys(window)).toHaveLength(2_001);
    expect(window['(other)']?.counts).toEqual({ 'GET success': 100 });
  });
});

describe('Prometheus', () => {
  it('shows requests, durations, gauges and the process', async () => {
    const metrics = new PrometheusMetrics({ cardea_in_flight: { help: 'Under way.', read: () => 7 } });
    const collector = new RequestCollector();
    collector.add(record({ route: 'a"b' }));
    collector.add(record({ route: 'a"b', method: 'X-EVIL' }));
    metrics.add(collector.take());
    const text = await metrics.render();
    expect(text).toContain('cardea_requests_total{route="a\\"b",method="GET",outcome="success"} 1');
    expect(text).toContain('cardea_requests_total{route="a\\"b",method="other",outcome="success"} 1');
    expect(text).toContain('cardea_request_duration_seconds_bucket{route="a\\"b",le="0.002"} 0');
    expect(text).toContain('cardea_request_duration_seconds_bucket{route="a\\"b",le="0.004"} 2');
    expect(text).toContain('cardea_request_duration_seconds_count{route="a\\"b"} 2');
    expect(text).toContain('cardea_in_flight 7');
    expect(text).toContain('process_resident_memory_bytes');
  });
});

describe('the access log', () => {
  it('writes Envoy’s format and nothing that forges a line', () => {
    const { format, unknown } = envoyFormat(
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%" %RESPONSE_CODE% %RESPONSE_FLAGS% "%REQ(USER-AGENT)%" %WHAT%',
    );
    expect(format(record({ userAgent: 'x"\n' }))).toBe('[2025-10-09T08:53:20.000Z] "GET /a?b=1" 200 - "x\\x22\\x0a" -');
    expect(unknown).toMatchObject([{ operator: '%WHAT%', position: 121 }]);
  });

  it('knows literal percent signs and lengths, and says where it understands nothing', () => {
    const { format, unknown } = envoyFormat('%% %REQ(:METHOD):2% %PROTOCL% %REQ(X-NO)% 5% %RESPONSE_CODE%');
    expect(format(record())).toBe('% GE - - 5% 200');
    expect(unknown).toEqual([
      { operator: '%PROTOCL%', position: 21, remedy: 'did you mean %PROTOCOL%?' },
      { operator: '%REQ(X-NO)%', position: 31, remedy: expect.stringContaining(':METHOD, :PATH') },
      { operator: '% ', position: 44, remedy: 'write %NAME%, or %% for a percent sign' },
    ]);
  });

  it('appends JSON lines to a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cardea-log-'));
    const file = join(folder, 'access.log');
    const log = new AccessLog({ file }, jsonFormat);
    log.add(record());
    log.onRequest(record({ id: 'r2' }));
    await log.close();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    rmSync(folder, { recursive: true });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { id: 'r1', startedAt: '2025-10-09T08:53:20.000Z' },
      { id: 'r2' },
    ]);
  });

  it('drops lines, and counts them, when the sink does not take them', () => {
    const log = new AccessLog(new Writable({ write: () => undefined }), () => 'x'.repeat(70_000));
    for (let i = 0; i < 100; i++) log.add(record());
    expect(log.dropped).toBeGreaterThan(30);
    expect(log.dropped).toBeLessThan(50);
  });
});
