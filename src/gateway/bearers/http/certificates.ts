// Certificates and keys of a gateway: PEM as it stands in the option, or the file that the option names.
// RFC 7468 2 General Considerations

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsIdentity } from '../../../hooks/connection-pools.js';
import { OptionError } from '../../errors.js';
import { limits } from './limits.js';

interface CertificateOptions {
  url: string;
  clientCertificate?: string;
  clientKey?: string;
  caCertificate?: string;
}

/** @throws OptionError, whose words repeat nothing of a file */
export function readIdentity({ url, ...options }: CertificateOptions): TlsIdentity | undefined {
  const { clientCertificate, clientKey, caCertificate } = options;
  const given = (['clientCertificate', 'clientKey', 'caCertificate'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (given === undefined) return undefined;
  if (!/^https:/i.test(url)) throw new OptionError(given, 'Certificates need a URL of https.');
  if (clientKey !== undefined && clientCertificate === undefined) throw new OptionError('clientCertificate');
  const ca = caCertificate === undefined ? undefined : readCertificate(caCertificate, 'caCertificate');
  if (clientCertificate === undefined) return { ca };
  const cert = readCertificate(clientCertificate, 'clientCertificate');
  const keyOption = clientKey === undefined ? 'clientCertificate' : 'clientKey';
  const key = clientKey === undefined ? cert : readPem(clientKey, keyOption);
  must(keyOption, 'It holds no key that can be read without a password.', () => createPrivateKey(key));
  must(keyOption, 'The key is not the one of the certificate.', () => createSecureContext({ cert, key }));
  return { cert, key, ca };
}

function readCertificate(written: string, option: string): string {
  const pem = readPem(written, option);
  must(option, 'It holds no certificate.', () => new X509Certificate(pem));
  return pem;
}

function readPem(written: string, option: string): string {
  if (isPem(written)) return written;
  const read = must(option, 'It is no PEM, and no file that can be read.', () => readFileSync(written, 'latin1'));
  if (read.length > limits.certificateOctets || !isPem(read)) throw new OptionError(option, 'The file is no PEM.');
  return read;
}

export function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}

function must<T>(option: string, otherwise: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new OptionError(option, otherwise);
  }
}
