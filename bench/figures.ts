// Every figure by its name, in the order in which a run of all measures them.

import { accept } from './accept.js';
import type { Figure } from './figure.js';
import { pingRss, pingWake } from './ping.js';
import { syncIdleLarge, syncIdleSmall } from './sync-idle.js';
import { wbxmlDecode, wbxmlEncode, wbxmlEncodeInline } from './wbxml.js';

export const figures: Readonly<Record<string, () => Promise<Figure>>> = {
  'wbxml-decode': wbxmlDecode,
  'wbxml-encode': wbxmlEncode,
  'wbxml-encode-inline': wbxmlEncodeInline,
  accept,
  'sync-idle-100': syncIdleSmall,
  'sync-idle-10000': syncIdleLarge,
  'ping-rss': pingRss,
  'ping-wake': pingWake,
};
