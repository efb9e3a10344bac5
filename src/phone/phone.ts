// The virtual phone: it is provisioned, says who it is, keeps its folders, sleeps in Ping, synchronizes when woken, and
// gives the texts it finds in its Outbox to the network.
// MS-ASMS 3.1.4 Message Processing Events and Sequencing Rules; MS-ASCMD 2.2.1 Commands

import { writeMobileAddress } from '../sms/mobile-address.js';
import { Connection } from './connection.js';
import { digest } from './digest.js';
import { runErrands } from './errands.js';
import type { Household } from './errands.js';
import { PhoneError } from './errors.js';
import { type AirMessage, PushReceiver } from './push.js';
import type { PhoneEvent } from './events.js';
import { FolderType, emptyHierarchy } from './folder-sync.js';
import { Letters, answerTo } from './letters.js';
import type { NewMail } from './letters.js';
import { collectionOf, emptyMailbox } from './mailbox.js';
import { settle, smsFolders } from './options.js';
import type { PhoneOptions, Settled, SmsFolder } from './options.js';
import { Outbox } from './outbox.js';
import { persist } from './patience.js';
import type { Patience } from './patience.js';
import type { CommandName } from './query.js';
import type { Line } from './request.js';
import type { Item } from './sms-item.js';
import { sync } from './sync.js';
import type { Round } from './sync.js';
import { Turns } from './turns.js';
import { Uploads } from './uploads.js';
import type { Uploaded } from './uploads.js';
import { watch } from './watch.js';

export class Phone {
  readonly deviceId: string;
  readonly #options: Settled;
  readonly #connection: Connection;
  readonly #household: Household;
  readonly #outbox: Outbox;
  readonly #uploads: Uploads;
  readonly #letters: Letters;
  readonly #turns = new Turns();
  readonly #pushes: PushReceiver;
  // Resting ends what only waits; vanishing cuts what is under way as well.
  readonly #resting = new AbortController();
  readonly #vanished = new AbortController();
  #life: Promise<void> | undefined;

  /** @throws PhoneError BAD_OPTIONS */
  constructor(options: PhoneOptions) {
    this.#options = settle(options);
    this.deviceId = this.#options.deviceId;
    this.#connection = new Connection(this.#options);
    this.#pushes = new PushReceiver(this.#options.pushSecrets);
    const mailbox = emptyMailbox();
    this.#household = {
      device: this.#options,
      due: { provision: true, settings: true, folders: true },
      hierarchy: emptyHierarchy(),
      mailbox,
      outbound: this.#options.outbound && !this.#options.noSms,
      textFolders: this.#options.noSms ? [] : this.#textFolders,
      wipe: undefined,
      end: () => this.#resting.abort(),
      tell: this.#tell,
    };
    this.#outbox = new Outbox(this.#options, mailbox, this.#tell);
    this.#uploads = new Uploads(this.#tell);
    this.#letters = new Letters(this.#options, this.#tell);
  }

  /** Lives until it is stopped. @throws PhoneError where it cannot live, as with a wrong password */
  run(): Promise<void> {
    return (this.#life ??= this.#live());
  }

  /** The network brought a text: it goes into the Inbox. Resolves when the server has it. */
  receive({ from, name, text }: { from: string; name?: string; text: string }): Promise<Uploaded> {
    const number = this.#options.number;
    const addresses = { from: writeMobileAddress({ name, number: from }), to: writeMobileAddress({ number }) };
    return this.#upload(FolderType.Inbox, { ...addresses, text, read: false });
  }

  /** The network brought octets, for the programs of the phone and not for its owner. */
  receivePush(message: AirMessage): void {
    const came = this.#pushes.take(message);
    if (came) this.#tell(came);
  }

  /** Its owner wrote a text on it and it is sent: it goes into Sent Items. Resolves when the server has it. */
  write({ to, text }: { to: string; text: string }): Promise<Uploaded> {
    const number = this.#options.number;
    const addresses = { from: writeMobileAddress({ number }), to: writeMobileAddress({ number: to }) };
    return this.#upload(FolderType.SentItems, { ...addresses, text, read: true });
  }

  /** Its owner allows or forbids it to send texts for others. Resolves when the server knows. */
  async setOutbound({ enabled }: { enabled: boolean }): Promise<void> {
    this.#household.outbound = enabled;
    this.#household.due.settings = true;
    await this.#catchUp();
  }

  /** Its owner switches the synchronization of texts on or off. Resolves when the server knows. @throws PhoneError BAD_OPTIONS */
  async setSms({ enabled }: { enabled: boolean }): Promise<void> {
    if (enabled && this.#options.protocolVersion === '12.1') throw new PhoneError('BAD_OPTIONS');
    this.#household.textFolders = enabled ? this.#textFolders : [];
    await this.setOutbound({ enabled: enabled && this.#options.outbound });
  }

  /** Its owner writes a mail, or a text in the mail program. Resolves when the server has it. @throws PhoneError REFUSED */
  sendMail(mail: NewMail): Promise<void> {
    return this.#post(() => this.#letters.add(mail));
  }

  /** Its owner answers a mail, or a text that is shown as one. Resolves when the server has it. @throws PhoneError REFUSED */
  reply({ serverId, text }: { serverId: string; text: string }): Promise<void> {
    return this.#post(() => {
      const answered = answerTo(this.#household.mailbox, serverId);
      if (answered === undefined) throw new PhoneError('UNKNOWN_ITEM');
      return this.#letters.add({ ...answered.mail, text }, answered.source);
    });
  }

  /** What it holds of a folder. */
  items(folder: SmsFolder): Item[] {
    return [...(collectionOf(this.#household.mailbox, smsFolders[folder])?.items.values() ?? [])];
  }

  /** Fault: the next answer to this command is not heard, though the server gave it. */
  dropAnswer(command: CommandName): void {
    this.#connection.dropAnswer(command);
  }

  /** Fault: gone at once and without a word, in the middle of whatever it did. */
  vanish(): void {
    this.#vanished.abort();
    this.#resting.abort();
    this.#connection.close();
  }

  /** Ends what waits, finishes what is under way, and hangs up. */
  async stop(): Promise<void> {
    this.#resting.abort();
    await this.#turns.take(async () => undefined);
    await this.#life?.catch(() => undefined);
    this.#connection.close();
  }

  async #live(): Promise<void> {
    try {
      await this.#catchUp();
      await watch({
        line: this.#line(this.#resting.signal),
        patience: this.#patience,
        household: this.#household,
        catchUp: () => this.#catchUp(),
      });
    } catch (error) {
      if (!(error instanceof PhoneError && error.code === 'STOPPED')) throw error;
    } finally {
      this.#giveUp();
      this.#connection.close();
    }
  }

  // Errands, then rounds of Sync until neither side has anything to tell. Returns how many changes the server had.
  #catchUp(): Promise<number> {
    return this.#turns.take(async () => {
      let changes = 0;
      let isDone = false;
      while (!isDone) {
        if (this.#resting.signal.aborted) throw new PhoneError('STOPPED');
        const round = await persist(this.#patience, () => this.#round());
        changes += round.changes;
        await persist(this.#patience, () => this.#finish());
        isDone = round.isLast && !this.#hasToTell;
      }
      return changes;
    });
  }

  async #round(): Promise<{ changes: number; isLast: boolean }> {
    const line = this.#line(this.#vanished.signal);
    const { mailbox } = this.#household;
    await runErrands(line, this.#household);
    this.#uploads.place(mailbox);
    const fresh = [...mailbox.collections.values()].some(({ syncKey }) => syncKey === '0');
    const { textFolders } = this.#household;
    const round = await sync(line, mailbox, { ...this.#options, textFolders });
    const changes = digest(round, { tell: this.#tell, send: (item) => this.#outbox.take(item) });
    if (round.refused !== undefined) throw round.refused;
    return { changes, isLast: !fresh && isComplete(round) };
  }

  // What is no part of a Sync.
  async #finish(): Promise<void> {
    const line = this.#line(this.#vanished.signal);
    await runErrands(line, this.#household);
    await this.#outbox.confirmByMove(line);
    await this.#letters.post(line);
  }

  get #hasToTell(): boolean {
    const { due, mailbox } = this.#household;
    return (
      due.settings ||
      !this.#letters.isEmpty ||
      [...mailbox.collections.values()].some(({ waiting }) => waiting.length > 0)
    );
  }

  async #upload(
    folderType: number,
    draft: { from: string; to: string; text: string; read: boolean },
  ): Promise<Uploaded> {
    if (this.#resting.signal.aborted) throw new PhoneError('STOPPED');
    if (!this.#household.textFolders.includes(folderType)) throw new PhoneError('NO_TEXTS');
    const { clock, newClientId } = this.#options;
    const dateReceived = new Date(clock.now()).toISOString();
    const uploaded = this.#uploads.add({ folderType, clientId: newClientId(), draft: { ...draft, dateReceived } });
    this.#hurry();
    return uploaded;
  }

  async #post(write: () => Promise<void>): Promise<void> {
    if (this.#resting.signal.aborted) throw new PhoneError('STOPPED');
    const posted = write();
    this.#hurry();
    return posted;
  }

  // What ends the phone also ends what waits in it; `run` tells the reason.
  #hurry(): void {
    this.#catchUp().catch(() => this.#giveUp());
  }

  #giveUp(): void {
    const stopped = new PhoneError('STOPPED');
    this.#uploads.giveUp(stopped);
    this.#letters.giveUp(stopped);
  }

  get #textFolders(): readonly number[] {
    return this.#options.smsFolders.map((each) => smsFolders[each]);
  }

  #line(signal: AbortSignal): Line {
    return { connection: this.#connection, signal };
  }

  get #patience(): Patience {
    const { clock } = this.#options;
    return { clock, signal: this.#resting.signal, due: this.#household.due, onEvent: this.#tell };
  }

  readonly #tell = (event: PhoneEvent): void => {
    if (this.#vanished.signal.aborted) return;
    this.#options.onEvent(event);
    // Octets that a gateway received lie in the Inbox as digits.
    const push = event.event === 'received' ? this.#pushes.takeShown(event.from, event.text) : undefined;
    if (push) this.#options.onEvent(push);
  };
}

function isComplete({ applied, startedOver, isRepeated }: Round): boolean {
  return !isRepeated && startedOver.length === 0 && ![...applied.values()].some(({ moreAvailable }) => moreAvailable);
}
