// How folders and items are named on the wire: a folder by its number, an item by its folder and its own.

const folderName = /^[1-9]\d{0,14}$/;
const itemName = /^([1-9]\d{0,14}):([1-9]\d{0,14})$/;

export function folderServerId(folderId: number): string {
  return String(folderId);
}

export function readFolderId(serverId: string): number | undefined {
  return folderName.test(serverId) ? Number(serverId) : undefined;
}

export function itemServerId(item: { folderId: number; id: number }): string {
  return `${item.folderId}:${item.id}`;
}

export function readItemId(serverId: string): { folderId: number; itemId: number } | undefined {
  const match = itemName.exec(serverId);
  return match ? { folderId: Number(match[1]), itemId: Number(match[2]) } : undefined;
}
