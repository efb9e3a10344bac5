// Every figure by its name, in the order in which a run of all measures them.

import { accept } from './accept.js';
import { acceptBesideKannel, deliver } from './deliver.js';
import type { Figure } from './figure.js';
import { folderSync } from './folder-sync.js';
import { modemSend, modemSendReports } from './modem-send.js';
import { pingMany } from './ping-many.js';
import { pingRss, pingWake } from './ping.js';
import { smtpAccept } from './smtp-accept.js';
import { smsUpload } from './sms-upload.js';
import { sync20 } from './sync-20.js';
import { syncIdleLarge, syncIdleSmall } from './sync-idle.js';
import { wbxmlDecode, wbxmlEncode, wbxmlEncodeInline } from './wbxml.js';

export const figures: Readonly<Record<string, () => Promise<Figure>>> = {
  'wbxml-decode': wbxmlDecode,
  'wbxml-encode': wbxmlEncode,
  'wbxml-encode-inline': wbxmlEncodeInline,
  accept,
  deliver,
  'accept-vs-kannel': acceptBesideKannel,
  'smtp-accept': smtpAccept,
  'modem-send': modemSend,
  'modem-send-reports': modemSendReports,
  'sync-idle-100': syncIdleSmall,
  'sync-idle-10000': syncIdleLarge,
  'sync-20': sync20,
  'folder-sync': folderSync,
  'sms-upload': smsUpload,
  'ping-rss': pingRss,
  'ping-wake': pingWake,
  'ping-many': pingMany,
};
