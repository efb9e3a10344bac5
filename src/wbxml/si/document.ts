// The service indication document type.
// WAP-167-ServiceInd Code Page Definitions

import type { AttributePage } from '../attribute-space.js';
import { documentType } from '../document-type.js';

export const Si = {
  si: 0x0005,
  indication: 0x0006,
  info: 0x0007,
  item: 0x0008,
} as const;

// prettier-ignore
const attributes: AttributePage = {
  page: 0,
  starts: {
    'action=signal-none': 0x05,
    'action=signal-low': 0x06,
    'action=signal-medium': 0x07,
    'action=signal-high': 0x08,
    'action=delete': 0x09,
    created: 0x0a,
    href: 0x0b,
    'href=http://*': 0x0c,
    'href=http://www.*': 0x0d,
    'href=https://*': 0x0e,
    'href=https://www.*': 0x0f,
    'si-expires': 0x10,
    'si-id': 0x11,
    class: 0x12,
  },
  values: {
    '*.com/*': 0x85,
    '*.edu/*': 0x86,
    '*.net/*': 0x87,
    '*.org/*': 0x88,
  },
};

/** WBXML 1.2, "-//WAPFORUM//DTD SI 1.0//EN", UTF-8, no string table. */
export const SiDocument = documentType([{ page: 0, namespace: '', tags: Si }], {
  header: Uint8Array.of(0x02, 0x05, 0x6a, 0x00),
  attributes: [attributes],
});
