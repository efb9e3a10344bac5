// The Attachments of a mail: what they are called and how they are asked for.
// MS-ASAIRS 2.2.2.7 Attachments

import type { AttachmentHead } from '../../store/contents.js';
import { AirSyncBase } from '../../wbxml/airsync/air-sync-base.js';
import { type Element, element } from '../../wbxml/element.js';

/** By value, the only way this server keeps them. MS-ASAIRS 2.2.2.31 Method */
const byValue = '1';

export function writeAttachments(heads: readonly AttachmentHead[]): Element[] {
  return heads.length === 0 ? [] : [element(AirSyncBase.Attachments, heads.map(writeAttachment))];
}

function writeAttachment({ id, name, size, contentId, isInline }: AttachmentHead): Element {
  return element(AirSyncBase.Attachment, [
    element(AirSyncBase.DisplayName, name),
    element(AirSyncBase.FileReference, String(id)),
    element(AirSyncBase.Method, byValue),
    element(AirSyncBase.EstimatedDataSize, String(size)),
    contentId ? element(AirSyncBase.ContentId, contentId) : undefined,
    isInline ? element(AirSyncBase.IsInline, '1') : undefined,
  ]);
}
