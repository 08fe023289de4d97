import type { Journal } from '#kernel';
import type { CertificateSet } from '#security';
import type { TrafficControl } from './traffic-control.ts';
import type { TrafficPlane } from './traffic-plane.ts';

/** Shows renewed certificates at once, and says when files that changed cannot be used. */
export function keepRenewed(
  certificates: CertificateSet,
  plane: TrafficPlane,
  control: TrafficControl,
  journal: Journal,
): void {
  const tell = (): void => {
    control.certificateProblems = certificates.states.flatMap(({ problem }) => problem ?? []);
    journal.problems('gateway', control.certificateProblems, 'certificates');
  };
  const record = (event: string, message: string): void =>
    journal.record({ level: 'info', part: 'gateway', event, message });
  certificates.watch({
    onRenewed(identities, file) {
      tell();
      plane.renew(identities);
      record('certificate-renewed', `${file} is renewed and shown from now on`);
    },
    onProblem: tell,
    onResolved() {
      tell();
      record('certificate-good-again', 'the certificate files are good again; what was shown before is shown on');
    },
  });
}
