// The options of a gateway as an administrator may read them: passwords and keys are written and never read back.

import { isPem } from './bearers/http/certificates.js';
import { openParameters } from './bearers/http/preset-options.js';

export interface ShownOptions {
  options: Record<string, unknown>;
  /** There is a private key that is not shown. */
  hasClientKey: boolean;
  /** There is a PIN, which never is. */
  hasPin: boolean;
}

// RFC 7468 10, 11, 13: every label of a private key ends so
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----\s*)?/g;

export function showOptions(written: Record<string, unknown>): ShownOptions {
  const { clientCertificate, clientKey, caCertificate, parameters, pin, ...options } = written;
  if (parameters !== undefined) options['parameters'] = openParameters(written);
  if (typeof clientCertificate === 'string') options['clientCertificate'] = withoutPrivateKeys(clientCertificate);
  if (typeof caCertificate === 'string') options['caCertificate'] = withoutPrivateKeys(caCertificate);
  if (typeof clientKey === 'string' && !isPem(clientKey)) options['clientKey'] = clientKey;
  const isHidden = [clientCertificate, clientKey].some((pem) => typeof pem === 'string' && pem.search(privateKey) >= 0);
  return { options, hasClientKey: isHidden, hasPin: pin !== undefined };
}

/** What else stands in the PEM. */
export function withoutPrivateKeys(pem: string): string {
  return pem.replace(privateKey, '');
}
