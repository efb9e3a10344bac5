// Whether a certificate is good for signed mail: its own time and purpose, and a chain of signatures that ends with a
// root this machine's Node trusts. Revocation is not looked at.
// RFC 5280 6.1 Basic Path Validation

import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { limits } from './limits.js';
import { ValidateCertStatus as Status } from './statuses.js';

export interface Authorities {
  /** Given beside the certificate: they may stand between, and are not trusted for it. */
  chain: readonly X509Certificate[];
  roots: readonly X509Certificate[];
}

/** The signature checks that a request may still have. */
export interface Budget {
  signatureChecks: number;
}

let trusted: readonly X509Certificate[] | undefined;

/** Read when they are first asked for: it takes a tenth of a second. */
export function trustedRoots(): readonly X509Certificate[] {
  trusted ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return trusted;
}

/** `undefined` where it is no certificate, or one with a key of a kind or size that is not checked here. */
export function readCertificate(base64: string): X509Certificate | undefined {
  if (base64.length > limits.certificateCharacters || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64)) return undefined;
  try {
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
    return hasOrdinaryKey(certificate) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function hasOrdinaryKey({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'rsa' || type === 'rsa-pss') return (details?.modulusLength ?? Infinity) <= limits.rsaKeyBits;
  return type === 'ec' || type === 'ed25519' || type === 'ed448';
}

export interface Validation extends Authorities {
  now: number;
  budget: Budget;
}

/** One of ValidateCertStatus. */
export function validateCertificate(certificate: X509Certificate, validation: Validation): number {
  if (!isInTime(certificate, validation.now)) return Status.Expired;
  if (!isForSigningMail(certificate)) return Status.NotForSigningMail;
  return validateChain(certificate, validation);
}

function isInTime({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

// RFC 5280 4.2.1.12 Extended Key Usage: emailProtection, or any; absent means any.
const mailPurposes = ['1.3.6.1.5.5.7.3.4', '2.5.29.37.0'];

function isForSigningMail({ keyUsage }: X509Certificate): boolean {
  // Types say otherwise, but it is absent where the certificate has no such extension.
  const purposes = keyUsage as string[] | undefined;
  return !purposes || purposes.some((purpose) => mailPurposes.includes(purpose));
}

function validateChain(certificate: X509Certificate, validation: Validation): number {
  let current = certificate;
  for (let length = 1; length <= limits.chainLength; length++) {
    if (validation.roots.some((root) => root.raw.equals(current.raw))) return Status.Success;
    if (current.checkIssued(current)) return Status.UntrustedSource;
    const issuer = findIssuer(current, validation);
    // A chain that was given and does not even begin is a wrong one; one that ends before a root is not trusted.
    if (issuer === undefined)
      return length === 1 && validation.chain.length > 0 ? Status.InvalidChain : Status.UntrustedSource;
    if (typeof issuer === 'number') return issuer;
    if (!issuer.ca) return Status.ChainUsedWrongly;
    if (!isInTime(issuer, validation.now)) return Status.InconsistentTimes;
    current = issuer;
  }
  return Status.InvalidChain;
}

/** The certificate that signed this one; where those of its name did not, the Status; `undefined` where none is there. */
function findIssuer(
  certificate: X509Certificate,
  { chain, roots, budget }: Validation,
): X509Certificate | number | undefined {
  const named = [...roots, ...chain].filter((each) => certificate.checkIssued(each));
  for (const issuer of named) {
    if (budget.signatureChecks-- <= 0) return Status.InvalidChain;
    if (certificate.verify(issuer.publicKey)) return issuer;
  }
  return named.length > 0 ? Status.InvalidSignature : undefined;
}
