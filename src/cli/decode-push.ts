// The readable form of push messages: a body by itself, one with WSP before it, or the whole user data with its header.

import { PushError } from '../push/errors.js';
import { proofOf, type PushSecrets, readPush, type ReadPush, securityOf } from '../push/read-push.js';
import { writePushPdu } from '../push/wsp/push-pdu.js';
import { portsOf, readUserDataHeader } from '../sms/user-data-header.js';

/** What a body by itself is, by the option that names it. */
export const pushKinds = {
  san: 'application/vnd.syncml.ds.notification',
  alert: 'application/vnd.syncml+wbxml',
  prov: 'application/vnd.wap.connectivity-wbxml',
  ota: 'application/x-wap-prov.browser-settings',
  syncset: 'application/vnd.nokia.syncset+wbxml',
  si: 'application/vnd.wap.sic',
} as const;
export type PushKind = keyof typeof pushKinds;

/** Throws PushError. */
export function describePush(octets: Uint8Array, kind: PushKind, secrets: PushSecrets): string {
  const { push, ports } = readWhatever(octets, pushKinds[kind]);
  const at = ports && [`ports        ${ports.source} to ${ports.destination}`];
  return [...(at ?? []), `content type ${push.contentType.type}`, ...said(push), ...proved(push, secrets)].join('\n');
}

interface Found {
  push: ReadPush;
  ports?: { source: number; destination: number };
}

// A body begins with neither: a digest could, but then does not read as what follows.
function readWhatever(octets: Uint8Array, type: string): Found {
  const header = octets.subarray(1, 1 + (octets[0] ?? 0));
  const ports = portsOf(readUserDataHeader(header) ?? []);
  const attempts: (() => Found)[] = [
    ...(ports ? [() => ({ push: readPush(octets.subarray(1 + header.length)), ports })] : []),
    () => ({ push: readPush(octets) }),
  ];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
    }
  }
  return { push: readPush(writePushPdu({ transactionId: 1, contentType: { type }, body: octets })) };
}

function said(push: ReadPush): string[] {
  switch (push.kind) {
    case 'notification': {
      const { uiMode, initiator, sessionId, serverId, syncs, version } = push.notification;
      const head = [`version      ${version / 10}`, `ui-mode      ${uiMode}`, `initiator    ${initiator}`];
      const all = syncs.length === 0 ? ['sync         all databases'] : [];
      const each = syncs.map(
        ({ syncType, contentType, uri }) => `sync         ${syncType} 0x${contentType.toString(16)} ${uri}`,
      );
      return [...head, `session      ${sessionId}`, `server       ${serverId}`, ...all, ...each].map(printable);
    }
    case 'server-alert': {
      const { target, source, sessionId, databases } = push.alert;
      const each = databases.map(({ syncType, uri, mimeType }) =>
        `alert        ${syncType} ${uri} ${mimeType ?? ''}`.trimEnd(),
      );
      return [`session      ${sessionId}`, `target       ${target}`, `source       ${source}`, ...each].map(printable);
    }
    case 'configuration':
    case 'settings':
    case 'sync-settings':
    case 'indication':
      return [push.document.trimEnd()];
  }
}

function proved(push: ReadPush, secrets: PushSecrets): string[] {
  const proof = proofOf(push, secrets);
  if (push.kind === 'notification') return [`digest       ${proof}`];
  if (push.kind !== 'configuration') return [];
  const { mac } = push.contentType;
  const security = securityOf(push.contentType) ?? 'of a kind that is not known';
  return [
    `security     ${security}`,
    ...(mac === undefined ? [] : [`MAC          ${printable(mac)}`]),
    `proof        ${proof}`,
  ];
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
