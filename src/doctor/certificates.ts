// Certificates that are configured: of whom they are, whether their key is theirs, and how long they last.
// RFC 5280 4.1.2.5 Validity, 4.2.1.6 Subject Alternative Name

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { bad, type Finding, well } from './finding.js';

export interface Identity {
  about: string;
  /** Clients look at its names. */
  isOfServer: boolean;
  /** PEM: the certificate, and whatever stands between it and its root. */
  cert: string;
  key: string;
}

/** Somebody has to have the time to renew it. */
const soonMilliseconds = 14 * 24 * 60 * 60_000;
const dayMilliseconds = 24 * 60 * 60_000;

export function examineCertificate(identity: Identity, now: number): Finding {
  const { about, cert, key } = identity;
  let chain: X509Certificate[];
  let isOwnKey: boolean;
  try {
    chain = cert.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)!.map(readOne);
    isOwnKey = chain[0]!.checkPrivateKey(createPrivateKey(key));
  } catch {
    return bad(about, 'is no certificate with a key that can be read');
  }
  if (!isOwnKey) return bad(about, 'is not of the key beside it');
  return examineChain(identity, chain, now);
}

function readOne(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function examineChain({ about, isOfServer }: Identity, chain: readonly X509Certificate[], now: number): Finding {
  const [own] = chain as [X509Certificate];
  const from = Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom)));
  const until = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  const names = namesOf(own);
  const whose = `is for ${names.length === 0 ? 'no name' : names.join(', ')}${isOfItself(own) ? ', signed by itself' : ''}`;
  if (now < from) return bad(about, `${whose}, and begins on ${dayOf(from)} only`);
  if (now > until) return bad(about, `${whose}, and ended on ${dayOf(until)}`);
  if (isOfServer && names.length === 0) return bad(about, `${whose}: nobody who looks at names takes it`);
  if (until - now < soonMilliseconds)
    return bad(about, `${whose}, and ends in ${Math.ceil((until - now) / dayMilliseconds)} days, on ${dayOf(until)}`);
  return well(about, `${whose}, until ${dayOf(until)}`);
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(/(?:DNS|IP Address|email|URI):([^,\s]+)/g)].map(([, name]) => name!);
}

function isOfItself(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
