import type { Cluster } from '../model.ts';
import { checkOutlier } from './check-policies.ts';
import type { Report } from './report.ts';
import { checkRange } from './values.ts';

const LARGEST = Number.MAX_VALUE;

export function checkCluster(cluster: Cluster, report: Report): void {
  checkRange(cluster.connectTimeoutMs, 'the connect timeout', 1, LARGEST, report);
  checkRange(cluster.idleTimeoutMs, 'the idle timeout', 0, LARGEST, report);
  checkRange(cluster.maxConnections, 'the number of connections', 1, LARGEST, report);
  checkRange(cluster.maxConcurrentRequests, 'the number of concurrent requests', 1, LARGEST, report);
  checkRange(cluster.maxPendingRequests, 'the number of pending requests', 0, LARGEST, report);
  checkRange(cluster.pendingTimeoutMs, 'the pending timeout', 0, LARGEST, report);
  if (cluster.outlier) checkOutlier(cluster.outlier, report);
  if (cluster.tls?.verify === false) {
    report.warning('unverified-tls', `cluster "${cluster.id}" accepts any certificate`, 'name the authority to trust');
  }
  if (cluster.endpoints.kind === 'discovered') {
    if (cluster.endpoints.service === '') report.error('bad-service', 'the service has no name', 'name the service');
    return;
  }
  const { endpoints } = cluster.endpoints;
  if (endpoints.length === 0) report.warning('no-endpoints', `cluster "${cluster.id}" has no endpoint`, 'add one');
  for (const { id, host, port, weight } of endpoints) {
    if (host === '') report.error('bad-endpoint', `endpoint "${id}" has no host`, 'name its host');
    checkRange(port, `the port of "${id}"`, 1, 65_535, report);
    checkRange(weight, `the weight of "${id}"`, 0, LARGEST, report);
  }
}
