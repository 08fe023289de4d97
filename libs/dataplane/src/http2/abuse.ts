/** PING and SETTINGS frames that one client may send at once, and then per second; well-kept clients send one in 10 s. */
const CONTROL_BURST = 100;
const CONTROL_PER_SECOND = 10;
/** From so many streams on, a connection most of whose streams are broken off at once costs more than it is worth. */
const PREMATURE_MINIMUM = 500;

/**
 * What `node:http2` leaves unbounded on one connection. Two attacks: frames that ask for an answer each without end
 * (CVE-2019-9512, CVE-2019-9515), and streams that are broken off at once, by the client (CVE-2023-44487) or by us for
 * a fault that the client provoked (CVE-2025-8671).
 */
export class AbuseGuard {
  #control = CONTROL_BURST;
  #controlAt: number;
  #streams = 0;
  #premature = 0;

  constructor(now: number) {
    this.#controlAt = now;
  }

  /** False when this PING or SETTINGS is one too many. */
  allowsControlFrame(now: number): boolean {
    const earned = ((now - this.#controlAt) / 1_000) * CONTROL_PER_SECOND;
    this.#control = Math.min(CONTROL_BURST, this.#control + earned) - 1;
    this.#controlAt = now;
    return this.#control >= 0;
  }

  /** False when too many of the streams so far were broken off soon after they began. */
  allowsStreamEnd(premature: boolean): boolean {
    this.#streams += 1;
    if (premature) this.#premature += 1;
    return this.#streams < PREMATURE_MINIMUM || this.#premature * 2 < this.#streams;
  }
}
