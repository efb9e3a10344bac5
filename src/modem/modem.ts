// One GSM modem, from the moment it is plugged in to the end, however often it goes away in between.
//
//    open ── who and where it is                       session
//      │
//    start up ── settings, PIN, routing, network        start-up, pin
//      │    └ an obstacle: told, and tried again after a pause
//    ready ── messages, codes and what came in have their turns; one look at it every half minute
//      │
//      ├ no answer: the channel finds its way back by itself before the next command         resync
//      ├ no answer to three in a row, or three texts that did not go: the ladder              ladder
//      └ the line broke: opened again, wherever it comes back
//
// Nothing here waits for a modem that says nothing: whoever closes it is through at once.

import { Calls } from './calls.js';
import { cmsErrorOf } from './cms-errors.js';
import { type Clock, sleep } from './clock.js';
import { dial, type UssdAnswer, ussdCode } from './commands/cusd.js';
import { referenceOf, sendMessage } from './commands/cmgs.js';
import { readRegistration } from './commands/creg.js';
import { readSignal } from './commands/csq.js';
import { isRefusal, ModemError } from './errors.js';
import { examineModem, type Finding, findingOf } from './examine.js';
import { examinePort } from './examine-port.js';
import { type ModemLog, openExchangeLog } from './exchange-log.js';
import { fieldsOf, numberOf, tpduOctetsOf } from './fields.js';
import { Inbox, type TakePdu } from './inbox.js';
import { hasStartedAnew, isSilence, Ladder, type Step } from './ladder.js';
import type { MemoryKeeper } from './memory.js';
import { type Place, reach, startAnew } from './reach.js';
import type { Session, Surroundings } from './session.js';
import { obstacleOf, type Started, startUp } from './start-up.js';
import { type Template, templates } from './templates.js';
import { isRestart, type Unsolicited } from './unsolicited.js';
import { packUssd, Ussd } from './ussd.js';

export interface ModemSetup {
  device: string;
  /** Chosen by what the modem says it is, where it is absent. */
  template?: Template | undefined;
  baudRate?: number | undefined;
  pin?: string | undefined;
  serviceCentre?: string | undefined;
  /** From Ctrl-Z to the word of the modem. */
  sendTimeoutMilliseconds: number;
  /** Whether numbers and texts stand in the trace. */
  logsContent?: boolean;
}

export interface ModemHost extends Surroundings {
  log: ModemLog;
  memory: MemoryKeeper;
  take: TakePdu;
  /** Why it carries nothing; `undefined` when it does. */
  onObstacle: (obstacle: ModemError | undefined) => void;
  /** A `+CMGS` that came when nobody waited for it any longer. */
  onLateReference: (reference: number) => void;
  /** Whether the last text may wait at the prompt, unsent: D33. */
  mayHaveUnsent: () => Promise<boolean>;
}

export const checkMilliseconds = 30_000;
/** The document: more than two checks without an answer. */
const silencesToFail = 3;
const failedSendsToFail = 3;
/** What a modem gave and does not keep. */
const triesToKeep = 120;
const keepAgainMilliseconds = 1_000;

interface Ready {
  session: Session;
  started: Started;
  inbox: Inbox;
}

export class Modem {
  readonly #setup: ModemSetup;
  readonly #host: ModemHost;
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #ladder = new Ladder();
  readonly #calls = new Calls();
  readonly #ussd: Ussd;
  #session: Session | undefined;
  #ready: Ready | undefined;
  #obstacle: ModemError | undefined = new ModemError('NOT_READY');
  /** What has its turn on the line, and all that waits for one. */
  #turn: Promise<unknown> = Promise.resolve();
  #silences = 0;
  #failedSends = 0;
  #isAskedToLook = false;
  #wakeCheck: (() => void) | undefined;
  #isAlive = false;
  #template: Template;
  /** In dBm, as it was last seen. */
  signal: number | undefined;

  constructor(setup: ModemSetup, host: ModemHost) {
    this.#setup = setup;
    this.#host = host;
    this.#clock = host.clock;
    this.#ussd = new Ussd(host.clock);
    this.#template = setup.template ?? templates.generic;
    const log = openExchangeLog(host.log, setup.logsContent ?? false);
    this.#place = { setup, host, log, signal: this.#closing.signal };
  }

  start(): void {
    if (!this.#isAlive) void this.#live();
    this.#isAlive = true;
  }

  /** Why it carries nothing; `undefined` when it does. */
  get obstacle(): ModemError | undefined {
    return this.#obstacle;
  }

  /** Whether it gives out status reports, as it was set up last. */
  get givesReports(): boolean {
    const { started } = this.#ready ?? {};
    return started !== undefined && started.template.reports && started.indications.reports > 0;
  }

  /** What the modem calls it, TP-MR. Throws ModemError; NO_OUTCOME where it may have been sent. */
  async send(tpdu: Uint8Array): Promise<number> {
    const timeoutMilliseconds = this.#setup.sendTimeoutMilliseconds;
    try {
      const reference = await this.#inTurn(({ session }) =>
        sendMessage(session.channel, { tpdu, timeoutMilliseconds }),
      );
      this.#failedSends = 0;
      this.#ladder.succeed();
      return reference;
    } catch (error) {
      if (isRefusal(error) && isOfTheModem(error) && ++this.#failedSends >= failedSendsToFail) this.#fail(error);
      throw error;
    }
  }

  /** Throws ModemError USSD_REFUSED, USSD_NO_ANSWER, NOT_READY and others. */
  async dial(code: string): Promise<UssdAnswer> {
    if (!ussdCode.test(code)) throw new ModemError('USSD_REFUSED');
    const answer = this.#inTurn(async ({ session, started }) => {
      const next = this.#ussd.next();
      next.catch(() => undefined);
      await dial(session.channel, started.template.ussd === 'packed' ? packUssd(code) : code);
      // The line is free while the network thinks.
      return { next };
    });
    return (await answer).next;
  }

  /** What an administrator should know of it; asked in its turn where it is ready, else by what keeps it from that. */
  async examine(): Promise<Finding[]> {
    const { device } = await this.#host.memory.read();
    const port = await examinePort(device ?? this.#setup.device, () => this.#host.listDevices());
    if (port.some(({ isWell }) => !isWell)) return port;
    const examined = this.#obstacle
      ? Promise.reject(this.#obstacle)
      : this.#inTurn(({ session, started: { template } }) => examineModem({ channel: session.channel, template }));
    return [...port, ...(await examined.catch((error: unknown) => [findingOf(error)]))];
  }

  /** At once: nothing is waited for that a modem would have to say. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#obstacle = new ModemError('CLOSED');
    this.#ready = undefined;
    this.#ussd.end(new ModemError('CLOSED'));
    await this.#session?.close();
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const step = await this.#connect().catch((error: unknown) => this.#lose(error as Error));
      await this.#session?.close();
      this.#session = undefined;
      if (step === 'restart') await startAnew(this.#place, this.#template);
      await sleep(this.#clock, this.#ladder.pauseMilliseconds, signal);
    }
  }

  /** One connection, from opening to what is to be done after it. */
  async #connect(): Promise<Step> {
    const hear = (unsolicited: Unsolicited): void => this.#hear(unsolicited);
    const session = (this.#session = await reach(this.#place, hear));
    for (;;) {
      const error = await this.#work(session).catch((failure: unknown) => failure as Error);
      this.#ready = undefined;
      this.#look();
      const step = this.#lose(error);
      if (step !== 'reinitialise') return step;
      if (!(await this.#resetSettings(session, error))) return 'reopen';
    }
  }

  async #work(session: Session): Promise<never> {
    const failure = Promise.race([session.ended, new Promise<never>((_, reject) => (this.#fail = reject))]);
    failure.catch(() => undefined);
    return Promise.race([this.#begin(session), failure]);
  }

  async #begin(session: Session): Promise<never> {
    const { clock, memory, take, log } = this.#host;
    const { template, pin, serviceCentre } = this.#setup;
    const onObstacle = (error: ModemError): void => this.#tell(error);
    const started = await startUp({
      ...{ channel: session.channel, clock, memory, template, pin, serviceCentre, onObstacle },
      signal: this.#closing.signal,
    });
    const { memories, indications } = started;
    const warn = log.warn.bind(log);
    const { reading } = (this.#template = started.template);
    const inbox = new Inbox({ channel: session.channel, memories, reading, take, warn });
    const ready = (this.#ready = { session, started, inbox });
    this.signal = started.signal;
    this.#silences = this.#failedSends = 0;
    log.info({ template: started.template.title, signal: started.signal, ...indications }, 'the modem is ready');
    this.#tell(undefined);
    await this.#inTurn(() => inbox.readAll()).catch((error: unknown) => this.#noteReading(error));
    return this.#lookAfter(ready);
  }

  #fail: (error: Error) => void = () => undefined;

  async #lookAfter(ready: Ready): Promise<never> {
    for (;;) {
      if (!this.#isAskedToLook) await this.#pause();
      if (this.#ready !== ready || this.#closing.signal.aborted) throw new ModemError('CLOSED');
      this.#isAskedToLook = false;
      await this.#check();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#closing.signal.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#clock.after(checkMilliseconds, wake);
      this.#closing.signal.addEventListener('abort', wake);
      this.#wakeCheck = wake;
    });
  }

  /** Is it there, has it a network, does something wait in it? Only silence counts against it. */
  async #check(): Promise<void> {
    try {
      const state = await this.#inTurn(async ({ session }) => {
        const registration = await readRegistration(session.channel);
        this.signal = await readSignal(session.channel);
        return registration;
      });
      this.#tell(state === 'registered' || state === undefined ? undefined : obstacleOf(state));
      await this.#inTurn(({ inbox }) => inbox.readAll());
      this.#ladder.succeed();
    } catch (error) {
      this.#noteReading(error);
    }
  }

  /** What was not read is read with the next look. */
  #noteReading(error: unknown): void {
    if (error instanceof ModemError && error.command === 'AT+CMGL' && error.code === 'NO_ANSWER')
      this.#ready?.inbox.preferIndex();
    this.#host.log.warn({ err: error }, 'a look at the modem failed');
  }

  /** Each has the line for itself, in the order in which they came. */
  #inTurn<T>(work: (ready: Ready) => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      const ready = this.#ready;
      if (!ready) throw this.#obstacle ?? new ModemError('NOT_READY');
      return this.#attempt(ready, work);
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #attempt<T>(ready: Ready, work: (ready: Ready) => Promise<T>): Promise<T> {
    const { channel } = ready.session;
    try {
      if (channel.isInDoubt) await channel.resync(true);
      const result = await work(ready);
      this.#silences = 0;
      return result;
    } catch (error) {
      if (error instanceof ModemError) this.#noteSilence(error);
      throw error;
    }
  }

  #noteSilence(error: ModemError): void {
    if (isRefusal(error)) this.#silences = 0;
    if (!isSilence(error)) return;
    if (++this.#silences >= silencesToFail) return this.#fail(error);
    // Whether it still answers shows with the next command: that is not to be a text.
    this.#look();
  }

  #look(): void {
    this.#isAskedToLook = true;
    this.#wakeCheck?.();
  }

  /** Same line, all settings anew. Whether that can be tried. */
  async #resetSettings({ channel }: Session, error: Error): Promise<boolean> {
    try {
      await channel.resync(true);
      if (!hasStartedAnew(error)) await channel.execute({ text: 'ATZ' });
      return true;
    } catch {
      return false;
    }
  }

  /** What is to be done about it. */
  #lose(error: Error): Step {
    const step = this.#ladder.fail(error);
    if (this.#closing.signal.aborted) return step;
    const known = error instanceof ModemError ? error : new ModemError('LINE_CLOSED', { cause: error });
    if (known.code !== this.#obstacle?.code)
      this.#host.log.warn({ err: error, step }, 'the modem does not do its work');
    this.#ussd.end(known);
    this.#tell(known);
    return step;
  }

  #tell(obstacle: ModemError | undefined): void {
    const isSame = obstacle?.code === this.#obstacle?.code;
    this.#obstacle = obstacle;
    if (!isSame) this.#host.onObstacle(obstacle);
  }

  #hear(unsolicited: Unsolicited): void {
    const { name, line, pdu } = unsolicited;
    if (pdu !== undefined && name !== '+CBM') return void this.#takeGiven(line, pdu);
    if (isRestart(unsolicited)) return this.#fail(new ModemError('RESTARTED'));
    if (name === '+CMTI' || name === '+CDSI') this.#fetch(line);
    else if (name === '+CUSD') this.#ussd.take(line);
    else if (name === '+CMGS') this.#hearLate(line);
    else if (name === 'RING' || name === '+CRING') this.#ring();
    else if (/^\+C[EG]?REG$/.test(name) && !/:\s*[1567]\b/.test(line)) this.#look();
    else if (name === '^SMMEMFULL') this.#look();
  }

  /** It is not kept by the modem: when it is lost here, it is lost. */
  async #takeGiven(line: string, pdu: string): Promise<void> {
    for (let tries = 0; tries < triesToKeep && !this.#closing.signal.aborted; tries++) {
      try {
        return await this.#host.take({ pdu, octets: tpduOctetsOf(line), place: undefined });
      } catch (err) {
        this.#host.log.warn({ err }, 'a message that the modem gave could not be kept yet');
        await sleep(this.#clock, keepAgainMilliseconds, this.#closing.signal);
      }
    }
  }

  #fetch(line: string): void {
    const [memory = '', index] = fieldsOf(line);
    const at = numberOf(index);
    if (at === undefined || memory === '') return this.#look();
    this.#inTurn(({ inbox }) => inbox.readOne(memory, at)).catch((error: unknown) => this.#noteReading(error));
  }

  #hearLate(line: string): void {
    const reference = referenceOf(line);
    if (reference !== undefined) this.#host.onLateReference(reference);
  }

  #ring(): void {
    if (!this.#calls.ring(this.#clock.now())) return;
    this.#inTurn(async ({ session, started }) => {
      await session.channel.execute({ text: started.template.hangUp });
    }).catch((err: unknown) => this.#host.log.warn({ err }, 'a call could not be hung up'));
  }
}

/** The message is not to blame. */
function isOfTheModem({ code, number }: ModemError): boolean {
  return code !== 'CMS_ERROR' || number === undefined || cmsErrorOf(number).cmsClass !== 'permanent';
}
