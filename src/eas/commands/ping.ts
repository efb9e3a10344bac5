// Ping: waits until one of the folders holds something new, or the heartbeat is over.
// MS-ASCMD 2.2.1.13 Ping

import { changeDevice } from '../../store/devices.js';
import type { Session } from '../../store/session.js';
import type { PingFolder } from '../../store/states.js';
import type { Steps } from '../../store/transaction.js';
import { Ping } from '../../wbxml/airsync/ping.js';
import { child, children, type Element, element, text } from '../../wbxml/element.js';
import { StatusError } from '../errors.js';
import type { Answer, Exchange } from '../exchange.js';
import { countChanges, isOutboxRound, type Viewer, viewFolder } from '../folder-view.js';
import { isHierarchyNew } from '../hierarchy.js';
import type { Wake } from '../holds.js';
import { limits } from '../limits.js';
import { noteOutboxRound } from '../outbox-round.js';
import { folderServerId, readFolderId } from '../server-id.js';
import { PingStatus } from '../statuses.js';

/** Bounds of the heartbeat; the upper one keeps below the hour after which networks forget a connection. */
const heartbeatSeconds = { least: 60, most: 3540 };

export async function ping(exchange: Exchange): Promise<Answer> {
  const { services, device, user } = exchange;
  const wish = readPing(exchange);
  const refusal = refuse(wish);
  if (refusal) return refusal;
  await remember(exchange, wish);
  const watched = await services.store.read((session) => viewAll(session, exchange, wish.folders));
  if (!watched) return writePing(PingStatus.FolderSyncRequired);
  if (watched.coversOutbox) noteOutboxRound(exchange);
  const { version } = exchange;
  const watching: Watching = {
    services,
    user: { id: user.id },
    device: { id: device.id, state: device.state },
    version,
  };
  return {
    kind: 'hold',
    command: 'Ping',
    userId: user.id,
    deviceRow: device.id,
    folderIds: watched.folderIds,
    seconds: wish.heartbeatSeconds,
    coversOutbox: watched.coversOutbox,
    look: (change) => look(watching, watched.folderIds, change),
    expired: () => writePing(PingStatus.HeartbeatExpired),
  };
}

interface Wish {
  heartbeatSeconds: number;
  folders: PingFolder[];
}

// MS-ASCMD 2.2.3.87.1 HeartbeatInterval (Ping): what is left out is as in the last Ping.
function readPing({ body, device }: Exchange): Wish {
  const interval = body && text(body, Ping.HeartbeatInterval);
  const list = body && child(body, Ping.Folders);
  const heartbeat = interval === undefined ? device.pingHeartbeatSeconds : Number(interval);
  const folders = list ? children(list, Ping.Folder).map(readFolder) : device.pingFolders;
  if (heartbeat === null || folders === null || folders.length === 0)
    throw new StatusError(PingStatus.MissingParameters, 'Ping without folders or heartbeat, and none remembered');
  if (!Number.isInteger(heartbeat)) throw new StatusError(PingStatus.SyntaxError, 'the heartbeat is no number');
  return { heartbeatSeconds: heartbeat, folders };
}

function readFolder(folder: Element): PingFolder {
  const id = text(folder, Ping.Id) ?? '';
  if (id === '' || id.length > limits.keyCharacters)
    throw new StatusError(PingStatus.SyntaxError, 'a Folder without Id');
  return { id, class: (text(folder, Ping.Class) ?? 'Email').slice(0, limits.keyCharacters) };
}

function refuse({ heartbeatSeconds: wished, folders }: Wish): Element | undefined {
  if (folders.length > limits.collections)
    return writePing(PingStatus.TooManyFolders, element(Ping.MaxFolders, String(limits.collections)));
  const nearest = Math.min(Math.max(wished, heartbeatSeconds.least), heartbeatSeconds.most);
  if (nearest === wished) return undefined;
  return writePing(PingStatus.HeartbeatOutOfRange, element(Ping.HeartbeatInterval, String(nearest)));
}

async function remember({ services, device }: Exchange, wish: Wish): Promise<void> {
  const isSame =
    device.pingHeartbeatSeconds === wish.heartbeatSeconds &&
    JSON.stringify(device.pingFolders) === JSON.stringify(wish.folders);
  if (isSame) return;
  const change = { pingHeartbeatSeconds: wish.heartbeatSeconds, pingFolders: wish.folders };
  await services.store.transact((tx) => changeDevice(tx, device.id, change));
}

interface Watched {
  folderIds: number[];
  coversOutbox: boolean;
}

function* viewAll(session: Session, exchange: Exchange, folders: readonly PingFolder[]): Steps<Watched | undefined> {
  const watched: Watched = { folderIds: [], coversOutbox: false };
  for (const { id } of folders) {
    const view = yield* viewFolder(session, exchange, id);
    if (!view) return undefined;
    watched.folderIds.push(readFolderId(id)!);
    watched.coversOutbox ||= isOutboxRound(view);
  }
  return watched;
}

/** What a held Ping keeps of its request. */
type Watching = Omit<Viewer, 'now'> & Pick<Exchange, 'services'>;

// Only what the following Sync will deliver is reported, or the phone would ask again at once, and again.
async function look(watching: Watching, folderIds: readonly number[], change?: Wake): Promise<Element | 'stay'> {
  const { store } = watching.services;
  if (change?.topic !== 'folder' && (await store.read((session) => isHierarchyNew(session, watching))))
    return writePing(PingStatus.FolderSyncRequired);
  const looked = change?.topic === 'folder' ? [change.folderId] : folderIds;
  const found = await store.read((session) => findChanges(session, watching, looked));
  if (found === 'hierarchy') return writePing(PingStatus.FolderSyncRequired);
  if (found.length === 0) return 'stay';
  const folders = found.map((id) => element(Ping.Folder, folderServerId(id)));
  return writePing(PingStatus.Changes, element(Ping.Folders, folders));
}

function* findChanges(
  session: Session,
  watching: Watching,
  folderIds: readonly number[],
): Steps<number[] | 'hierarchy'> {
  const found: number[] = [];
  const { user, device, version, services } = watching;
  const viewer = { user, device, version, now: services.now() };
  for (const id of folderIds) {
    const view = yield* viewFolder(session, viewer, folderServerId(id));
    if (!view) return 'hierarchy';
    if ((yield* countChanges(session, view, { viewer, limit: 1 })) > 0) found.push(id);
  }
  return found;
}

function writePing(status: number, more?: Element): Element {
  return element(Ping.Ping, [element(Ping.Status, String(status)), more]);
}
