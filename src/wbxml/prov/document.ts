// The client provisioning document type.
// OMA-WAP-ProvCont Code Page Definitions

import { documentType } from '../document-type.js';
import { ApplicationPage } from './application-page.js';
import { CharacteristicPage } from './characteristic-page.js';

// OMA-WAP-ProvCont Tag Tokens
export const Prov = {
  'wap-provisioningdoc': 0x0005,
  characteristic: 0x0006,
  parm: 0x0007,
} as const;

/** WBXML 1.3, "-//WAPFORUM//DTD PROV 1.0//EN", UTF-8, no string table. */
export const ProvDocument = documentType([{ page: 0, namespace: '', tags: Prov }], {
  header: Uint8Array.of(0x03, 0x0b, 0x6a, 0x00),
  attributes: [CharacteristicPage, ApplicationPage],
});
