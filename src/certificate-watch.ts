// A certificate lives for weeks, a server for months: whoever renews it writes the files anew, and what they hold is used
// from then on. Connections that stand keep theirs.

export interface Certificate {
  /** PEM, as the key. */
  cert: string;
  key: string;
}

export interface CertificateWatch {
  /** In use now. */
  current: () => Certificate | undefined;
  /** What the files hold. Throws where they cannot be read or do not belong together. */
  read: () => Certificate | undefined;
  use: (renewed: Certificate) => void;
  log: Record<'info' | 'warn', (line: object, message: string) => void>;
}

/** Gives what looks at the files once. */
export function watchCertificate({ current, read, use, log }: CertificateWatch): () => void {
  let complaint: string | undefined;
  return () => {
    try {
      const found = read();
      complaint = undefined;
      const used = current();
      if (!found || (found.cert === used?.cert && found.key === used.key)) return;
      use(found);
      log.info({}, 'the certificate for mail was renewed');
    } catch (error) {
      // Also between the writing of the one file and of the other.
      const { message } = error as Error;
      if (message !== complaint) log.warn({ reason: message }, 'the certificate for mail stays what it was');
      complaint = message;
    }
  };
}
