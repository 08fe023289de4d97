import { CardeaError, type Problem } from '#kernel';
import { readTlsIdentity, watchTlsFiles, type TlsFiles, type TlsIdentity } from './tls-files.ts';

export interface CertificateFiles extends TlsFiles {
  /** Host names to show it for; without, those in the certificate. */
  readonly serverNames?: readonly string[];
}

/** One certificate in use, and why its files are not, when they are not. */
export interface CertificateState {
  readonly file: string;
  readonly names: readonly string[];
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly problem: Problem | undefined;
}

/** PEM texts for a listener. */
export interface ShownIdentity {
  readonly cert: string;
  readonly key: string;
  readonly names: readonly string[];
}

export interface CertificateEvents {
  /** All that are in use; one of them was renewed. */
  onRenewed(identities: readonly ShownIdentity[], file: string): void;
  /** Files changed and cannot be used: what was read before stays. */
  onProblem(problem: Problem): void;
  /** The files are again those that are in use. */
  onResolved(): void;
}

interface Entry {
  readonly files: CertificateFiles;
  identity: TlsIdentity;
  problem: Problem | undefined;
}

/** The certificates of a listener, kept as their files are renewed. The first is the default. */
export class CertificateSet {
  readonly #entries: readonly Entry[];
  #watches: { close(): void }[] = [];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** Throws, naming the file, when one cannot be used: at the start there is nothing older to go on with. */
  static async read(files: readonly CertificateFiles[]): Promise<CertificateSet> {
    const identities = await Promise.all(files.map(readTlsIdentity));
    return new CertificateSet(
      files.flatMap((pair, index): Entry[] => {
        const identity = identities[index];
        return identity ? [{ files: pair, identity, problem: undefined }] : [];
      }),
    );
  }

  get identities(): readonly ShownIdentity[] {
    return this.#entries.map(({ identity, files: { serverNames } }) => ({
      cert: identity.cert,
      key: identity.key,
      names: serverNames ?? identity.names,
    }));
  }

  get states(): readonly CertificateState[] {
    return this.#entries.map(({ files: { certificate: file, serverNames }, identity, problem }) => {
      return { file, names: serverNames ?? identity.names, expiresAt: identity.expiresAt, problem };
    });
  }

  watch(events: CertificateEvents): void {
    this.#watches = this.#entries.map((entry) =>
      watchTlsFiles(
        entry.files,
        (identity) => {
          const { problem } = entry;
          entry.problem = undefined;
          if (identity.cert === entry.identity.cert && identity.key === entry.identity.key) {
            if (problem) events.onResolved();
            return;
          }
          entry.identity = identity;
          events.onRenewed(this.identities, entry.files.certificate);
        },
        (error) => {
          const problem = problemOf(error, entry.files.certificate);
          if (entry.problem?.message === problem.message) return;
          entry.problem = problem;
          events.onProblem(problem);
        },
      ),
    );
  }

  close(): void {
    for (const watch of this.#watches.splice(0)) watch.close();
  }
}

function problemOf(error: Error, file: string): Problem {
  const remedy = error instanceof CardeaError ? error.remedy : undefined;
  return {
    severity: 'error',
    code: 'certificate-not-renewed',
    message: `${error.message}; the certificate read before stays in use`,
    ...(remedy !== undefined && { remedy }),
    subject: file,
  };
}
