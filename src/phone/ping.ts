// Ping: a request the server holds until something changes in a folder or the heartbeat ends.
// MS-ASCMD 2.2.1.13 Ping

import type { Element } from '../wbxml/element.js';
import { child, children, element, text, textOf } from '../wbxml/element.js';
import { Ping } from '../wbxml/airsync/ping.js';
import { limits } from './limits.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { PingStatus, refusal, statusNumber } from './statuses.js';

/** What phone and server have agreed on so far. */
export interface PingTerms {
  heartbeatSeconds: number;
  /** How many folders the server lets the phone watch. */
  maxFolders: number;
  /** The folders the server remembers from the last full Ping: the next one may then be empty. */
  remembered: string | undefined;
}

export interface PingOutcome {
  readonly status: number;
  /** Ids of the folders that changed. */
  readonly changed: readonly string[];
}

/** Watches the folders, the most important first, and takes the server's terms. @throws PhoneError */
export async function ping(line: Line, folderIds: readonly string[], terms: PingTerms): Promise<PingOutcome> {
  const watched = folderIds.slice(0, terms.maxFolders);
  const document = watched.join() === terms.remembered ? undefined : writePing(watched, terms);
  const timeoutMs = terms.heartbeatSeconds * 1000 + limits.heartbeatGraceMs;
  const answer = await requestDocument(line, { command: 'Ping', document, root: Ping.Ping, timeoutMs });
  const status = statusNumber(text(answer, Ping.Status));
  terms.remembered =
    status === PingStatus.HeartbeatExpired || status === PingStatus.Changes ? watched.join() : undefined;
  return { status: takeTerms(status, answer, terms), changed: readChanged(answer) };
}

function writePing(folderIds: readonly string[], { heartbeatSeconds }: PingTerms): Element {
  return element(Ping.Ping, [
    element(Ping.HeartbeatInterval, String(heartbeatSeconds)),
    element(
      Ping.Folders,
      // Texts have no class of their own here: a folder of mail is watched for both.
      folderIds.map((id) => element(Ping.Folder, [element(Ping.Id, id), element(Ping.Class, 'Email')])),
    ),
  ]);
}

const expected: readonly number[] = Object.values(PingStatus);

function takeTerms(status: number | undefined, answer: Element, terms: PingTerms): number {
  if (status === undefined || !expected.includes(status)) throw refusal('Ping', status);
  if (status === PingStatus.HeartbeatOutOfRange)
    terms.heartbeatSeconds = positive(text(answer, Ping.HeartbeatInterval));
  if (status === PingStatus.TooManyFolders) terms.maxFolders = positive(text(answer, Ping.MaxFolders));
  return status;
}

function positive(value: string | undefined): number {
  const number = statusNumber(value);
  if (number === undefined || number === 0) throw refusal('Ping', undefined);
  return number;
}

function readChanged(answer: Element): string[] {
  const folders = child(answer, Ping.Folders);
  return folders === undefined ? [] : children(folders, Ping.Folder).map((folder) => textOf(folder) ?? '');
}
