// ValidateCert: whether certificates that a device met in signed mail are to be trusted.
// MS-ASCMD 2.2.1.22 ValidateCert

import type { X509Certificate } from 'node:crypto';
import { child, children, type Element, element, text, textOf } from '../../wbxml/element.js';
import { ValidateCert } from '../../wbxml/airsync/validate-cert.js';
import { readCertificate, trustedRoots, validateCertificate, type Validation } from '../certificate-chain.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { ValidateCertStatus } from '../statuses.js';

export async function validateCert({ body, now }: Exchange): Promise<Element> {
  const given = body ? certificatesIn(body, ValidateCert.Certificates) : [];
  const chain = body ? certificatesIn(body, ValidateCert.CertificateChain) : [];
  if (given.length === 0 || given.length + chain.length > limits.certificates)
    throw new StatusError(ValidateCertStatus.ProtocolError, 'ValidateCert without certificates, or with too many');
  const validation = {
    chain: chain.map(readCertificate).filter((each) => each !== undefined),
    roots: trustedRoots(),
    now,
    budget: { signatureChecks: limits.signatureChecks },
  };
  const isRevocationAsked = readCheckCrl(body!);
  const statuses = given.map((each) => validate(readCertificate(each), validation, isRevocationAsked));
  return element(ValidateCert.ValidateCert, [
    element(ValidateCert.Status, String(ValidateCertStatus.Success)),
    ...statuses.map((status) => element(ValidateCert.Certificate, [element(ValidateCert.Status, String(status))])),
  ]);
}

function certificatesIn(body: Element, list: number): string[] {
  const found = child(body, list);
  return found ? children(found, ValidateCert.Certificate).map((each) => textOf(each) ?? '') : [];
}

// MS-ASCMD 2.2.3.24 CheckCRL
function readCheckCrl(body: Element): boolean {
  const value = text(body, ValidateCert.CheckCrl);
  if (value === undefined || value === '0') return false;
  if (value === '1') return true;
  throw new StatusError(ValidateCertStatus.ProtocolError, 'CheckCRL is neither 0 nor 1');
}

// This server fetches nothing from addresses that a certificate names, so nobody makes it call anywhere.
function validate(
  certificate: X509Certificate | undefined,
  validation: Validation,
  isRevocationAsked: boolean,
): number {
  if (!certificate) return ValidateCertStatus.InvalidChain;
  const status = validateCertificate(certificate, validation);
  const isUnknown = status === ValidateCertStatus.Success && isRevocationAsked;
  return isUnknown ? ValidateCertStatus.RevocationUnknown : status;
}
