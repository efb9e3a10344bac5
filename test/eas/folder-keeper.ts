// A device that keeps what it knows of the folders, and notes what no server may tell it.

import { FolderHierarchy } from '../../src/wbxml/airsync/folder-hierarchy.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Answered, type Bench, folderSync, openBench, TalkingDevice } from './talking-device.js';

export interface KnownFolder {
  parent: string;
  name: string;
}

export class FolderKeeper extends TalkingDevice {
  key = '0';
  readonly view = new Map<string, KnownFolder>();
  readonly faults: string[] = [];

  create(name: string, { parent = '0', type = '12', key = this.key } = {}): Promise<Answered> {
    return this.post(
      'FolderCreate',
      element(FolderHierarchy.FolderCreate, [
        element(FolderHierarchy.SyncKey, key),
        element(FolderHierarchy.ParentId, parent),
        element(FolderHierarchy.DisplayName, name),
        element(FolderHierarchy.Type, type),
      ]),
    );
  }

  update(id: string, { parent = '0', name = '', key = this.key }): Promise<Answered> {
    return this.post(
      'FolderUpdate',
      element(FolderHierarchy.FolderUpdate, [
        element(FolderHierarchy.SyncKey, key),
        element(FolderHierarchy.ServerId, id),
        element(FolderHierarchy.ParentId, parent),
        element(FolderHierarchy.DisplayName, name),
      ]),
    );
  }

  delete(id: string, key = this.key): Promise<Answered> {
    const content = [element(FolderHierarchy.SyncKey, key), element(FolderHierarchy.ServerId, id)];
    return this.post('FolderDelete', element(FolderHierarchy.FolderDelete, content));
  }

  /** Makes a folder and knows it; gives its ServerId. */
  async make(name: string, parent = '0'): Promise<string> {
    return this.takeCreated(await this.create(name, { parent }), { name, parent });
  }

  takeCreated({ root }: Answered, known: KnownFolder): string {
    const id = text(root!, FolderHierarchy.ServerId)!;
    if (this.view.has(id)) this.faults.push(`created again: ${id}`);
    this.view.set(id, known);
    this.takeKey(root!);
    return id;
  }

  takeKey(root: Element): void {
    this.key = text(root, FolderHierarchy.SyncKey)!;
  }

  takeDeleted(id: string): void {
    this.view.delete(id);
    for (const [below, { parent }] of [...this.view]) if (parent === id) this.takeDeleted(below);
  }

  /** What a FolderSync told, such as `Add Family`. */
  async refresh(): Promise<string[]> {
    return this.takeFolders(await this.post('FolderSync', folderSync(this.key)));
  }

  takeFolders({ root }: Answered): string[] {
    if (this.key === '0') this.view.clear();
    this.takeKey(root!);
    const told = children(child(root!, FolderHierarchy.Changes)!).flatMap((each) => this.#take(each));
    // Updates come before Adds, so the whole answer counts.
    for (const [id, { parent }] of this.view)
      if (parent !== '0' && !this.view.has(parent)) this.faults.push(`without its parent: ${id}`);
    return told;
  }

  #take(change: Element): string[] {
    const id = text(change, FolderHierarchy.ServerId);
    if (id === undefined) return [];
    const known = this.view.get(id);
    if (change.tag === FolderHierarchy.Delete) {
      this.view.delete(id);
      return [`Delete ${known?.name ?? id}`];
    }
    const told = { parent: text(change, FolderHierarchy.ParentId)!, name: text(change, FolderHierarchy.DisplayName)! };
    const isAdd = change.tag === FolderHierarchy.Add;
    if (isAdd === (known !== undefined)) this.faults.push(`${isAdd ? 'added again' : 'not known'}: ${id}`);
    if (isAdd && told.parent !== '0' && !this.view.has(told.parent)) this.faults.push(`before its parent: ${id}`);
    this.view.set(id, told);
    return [`${isAdd ? 'Add' : 'Update'} ${told.name}`];
  }
}

export async function begin(...names: string[]): Promise<{ bench: Bench; devices: FolderKeeper[] }> {
  const bench = await openBench();
  const devices = names.map((name) => new FolderKeeper(bench, name));
  for (const device of devices) {
    await device.provision();
    await device.refresh();
  }
  return { bench, devices };
}

export const statusOf = ({ root }: Answered) => {
  const first = root && children(root)[0];
  return typeof first?.content === 'string' ? first.content : undefined;
};

export async function storedFolders({ store, user }: Bench): Promise<Record<string, KnownFolder>> {
  const { folders } = store.tables;
  const rows = (await store.db.select().from(folders)).filter((row) => row.userId === user.id && !row.deleted);
  return Object.fromEntries(
    rows.map(({ id, parentId, name }) => [id, { parent: String(parentId ?? 0), name }] as const),
  );
}
