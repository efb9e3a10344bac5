// One command at a time to a modem, and its answer told apart from all else that comes: lines without being asked, also in
// the middle of an answer, the echo, and the late answer to a command that was given up.
// V.250 5.2.1 Command line general format, 5.7 DCE responses; TS 27.005 3.1 Parameter definitions, 3.5.1 +CMGS

import type { Clock } from './clock.js';
import { ModemError, type ModemErrorCode, type ModemErrorDetails } from './errors.js';
import { commandName, type ExchangeLog, masked } from './exchange-log.js';
import { tpduOctetsOf } from './fields.js';
import { limits } from './limits.js';
import { LineReader } from './line-reader.js';
import type { Port } from './port.js';
import { type FinalResult, readFinal } from './result-code.js';
import { Resync } from './resync.js';
import { hasPrefix, kindOf, nameOf, type Unsolicited } from './unsolicited.js';

export interface AtCommand {
  /** `AT+CSQ`, without the CR. */
  text: string;
  /** How the lines of its answer begin: `+CSQ`. */
  prefix?: string;
  /** What the lines of its answer look like, where they have no prefix: those of AT+CGSN. */
  pattern?: RegExp;
  /** A PDU follows each line of its answer. */
  hasPdu?: boolean;
  /** OK alone is no answer to it, but the late one to another command. */
  isAnswered?: boolean;
  /** Given when the modem asks for it. */
  pdu?: string;
  /** Without anything of its answer; of a command with a PDU: from there on. */
  timeoutMilliseconds?: number;
}

export interface AnswerLine {
  line: string;
  /** In hexadecimal. */
  pdu?: string;
}

export interface ChannelSetup {
  port: Port;
  clock: Clock;
  log: ExchangeLog;
  onUnsolicited: (unsolicited: Unsolicited) => void;
}

/** The document's ReadTimeout. */
export const readTimeoutMilliseconds = 16_000;
const promptTimeoutMilliseconds = 10_000;
/** After a refusal some say OK as well. */
const afterRefusalMilliseconds = 20;

// TS 27.005 3.5.1: Ctrl-Z ends the PDU, ESC cancels it.
const CTRL_Z = '\x1a';
const ESC = '\x1b';
const hexadecimal = /^([0-9A-Fa-f]{2})+$/;

type Phase = 'answer' | 'prompt' | 'outcome';

interface Exchange {
  command: AtCommand;
  phase: Phase;
  lines: AnswerLine[];
  hasRead: boolean;
  stopTimer: () => void;
  resolve: (lines: AnswerLine[]) => void;
  reject: (error: ModemError) => void;
}

interface AwaitedPdu {
  line: string;
  take: (pdu: string) => void;
  isOwn: boolean;
}

export class AtChannel {
  readonly #setup: ChannelSetup;
  readonly #reader: LineReader;
  readonly #lastLines: string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #exchange: Exchange | undefined;
  #resync: Resync | undefined;
  #awaited: AwaitedPdu[] = [];
  #quoted: string[] | undefined;
  #closed: ModemError | undefined;
  /** The last answer did not come, or not in time. */
  isInDoubt = false;
  /** What was sent last may wait behind the prompt: Ctrl-Z would send it. */
  isSendUnknown = false;

  constructor(setup: ChannelSetup) {
    this.#setup = setup;
    this.#reader = new LineReader({ line: (line) => this.#takeLine(line), prompt: () => this.#takePrompt() });
  }

  /** The lines of its answer. Throws ModemError. */
  execute(command: AtCommand): Promise<AnswerLine[]> {
    const answer = this.#turn.then(() => this.#begin(command));
    this.#turn = answer.catch((error: unknown) => this.#settleAfter(error));
    return answer;
  }

  /** Until the modem answers AT with one OK and nothing else. Throws ModemError NO_ANSWER. */
  resync(mayConfirm: boolean): Promise<void> {
    const isSynchronised = this.#turn.then(() => this.#synchronise(mayConfirm));
    this.#turn = isSynchronised.catch(() => undefined);
    return isSynchronised;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  /** The port is gone, or is to be: whoever waits is told. */
  end(error: ModemError): void {
    this.#closed ??= error;
    this.#resync?.end();
    if (this.#exchange) this.#fail(this.#exchange, error.code, { cause: error.cause });
  }

  #begin(command: AtCommand): Promise<AnswerLine[]> {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      const phase: Phase = command.pdu === undefined ? 'answer' : 'prompt';
      const exchange = { command, phase, lines: [], hasRead: false, stopTimer: () => undefined, resolve, reject };
      this.#exchange = exchange;
      this.#reader.awaitsPrompt = phase === 'prompt';
      this.#startTimer(exchange);
      this.#write(command.text, '\r');
    });
  }

  async #settleAfter(error: unknown): Promise<void> {
    if (!(error instanceof ModemError) || this.#closed) return;
    if (!['AT_ERROR', 'CME_ERROR', 'CMS_ERROR'].includes(error.code)) return;
    await new Promise<void>((resolve) => void this.#setup.clock.after(afterRefusalMilliseconds, resolve));
  }

  async #synchronise(mayConfirm: boolean): Promise<void> {
    this.#throwIfClosed();
    this.#awaited = [];
    const resync = new Resync({
      clock: this.#setup.clock,
      write: (text, end) => this.#write(text, end),
      mayConfirm: mayConfirm && !this.isSendUnknown,
    });
    this.#resync = resync;
    const isClean = await resync.run().finally(() => (this.#resync = undefined));
    this.#throwIfClosed();
    if (!isClean) throw this.#error('NO_ANSWER', { command: 'AT', hasRead: resync.hasRead });
    this.isInDoubt = false;
    this.isSendUnknown = false;
  }

  #throwIfClosed(): void {
    if (this.#closed) throw this.#closed;
  }

  #write(text: string, end = ''): void {
    if (text !== '') this.#setup.log.sent(text);
    this.#setup.port.write(text + end);
  }

  #startTimer(exchange: Exchange): void {
    exchange.stopTimer();
    const { phase, command } = exchange;
    const { timeoutMilliseconds = readTimeoutMilliseconds } = command;
    const wait = phase === 'prompt' ? promptTimeoutMilliseconds : timeoutMilliseconds;
    exchange.stopTimer = this.#setup.clock.after(wait, () => this.#giveUp(exchange));
  }

  #giveUp(exchange: Exchange): void {
    this.isInDoubt = true;
    if (exchange.phase === 'prompt') this.#setup.port.write(ESC);
    this.#fail(exchange, exchange.phase === 'prompt' ? 'NO_PROMPT' : 'NO_ANSWER');
  }

  #takePrompt(): void {
    const exchange = this.#exchange;
    if (exchange?.phase !== 'prompt') return;
    this.#setup.log.received('>');
    exchange.hasRead = true;
    exchange.phase = 'outcome';
    this.isSendUnknown = true;
    this.#startTimer(exchange);
    this.#write(exchange.command.pdu!, CTRL_Z);
  }

  #takeLine(line: string): void {
    this.#remember(line);
    if (this.#exchange) this.#exchange.hasRead = true;
    if (this.#resync) this.#resync.hasRead = true;
    if (this.#quoted) return this.#continueQuoted(line);
    if (hexadecimal.test(line) && this.#takePdu(line)) return;
    if (this.#isEcho(line)) return;
    const kind = kindOf(line, this.#exchange?.command.prefix);
    if (kind?.hasPdu) this.#await(line, false, (pdu) => this.#tell(line, pdu));
    else if (kind?.isQuoted && isOpen(line)) this.#quoted = [line];
    else if (kind) this.#tell(line);
    else this.#takeAnswer(line);
  }

  #takeAnswer(line: string): void {
    const exchange = this.#exchange;
    if (!exchange || (exchange.phase === 'prompt' && hasPrefix(line, '+CMGS'))) return this.#takeStray(line);
    const { prefix, pattern, hasPdu } = exchange.command;
    if ((prefix !== undefined && hasPrefix(line, prefix)) || pattern?.test(line)) {
      if (exchange.lines.length >= limits.answerLines) return this.#fail(exchange, 'UNREADABLE');
      const answer: AnswerLine = { line };
      exchange.lines.push(answer);
      if (hasPdu) this.#await(line, true, (pdu) => (answer.pdu = pdu));
      this.#startTimer(exchange);
      return;
    }
    const final = readFinal(line);
    if (final !== undefined) this.#finish(exchange, final);
  }

  /** Nobody asked: an answer that comes after it was given up. */
  #takeStray(line: string): void {
    if (hasPrefix(line, '+CMGS')) return this.#tell(line);
    const final = readFinal(line);
    if (final !== undefined) this.#resync?.take(final);
  }

  #finish(exchange: Exchange, final: FinalResult): void {
    const { isAnswered, pdu } = exchange.command;
    if (final === 'OK') {
      const isLate = (isAnswered || pdu !== undefined) && exchange.lines.length === 0;
      if (isLate) return;
      this.#leave(exchange);
      exchange.resolve(exchange.lines);
      return;
    }
    this.#fail(exchange, final.code, final.details);
  }

  #fail(exchange: Exchange, code: ModemErrorCode, details: ModemErrorDetails = {}): void {
    const isTaken = exchange.phase === 'outcome';
    this.#leave(exchange, isTaken && !['AT_ERROR', 'CMS_ERROR', 'CME_ERROR'].includes(code));
    // It said what it calls the text, and fell silent before the OK.
    if (isTaken && exchange.lines.length > 0) return exchange.resolve(exchange.lines);
    const isUnknown = isTaken && ['NO_ANSWER', 'LINE_CLOSED', 'CLOSED', 'UNREADABLE'].includes(code);
    const { hasRead, command } = exchange;
    exchange.reject(
      this.#error(isUnknown ? 'NO_OUTCOME' : code, { ...details, hasRead, command: commandName(command.text) }),
    );
  }

  #leave(exchange: Exchange, isSendUnknown = false): void {
    exchange.stopTimer();
    this.#exchange = undefined;
    this.#reader.awaitsPrompt = false;
    this.isSendUnknown = isSendUnknown;
    this.#awaited = this.#awaited.filter(({ isOwn }) => !isOwn);
  }

  #error(code: ModemErrorCode, details: ModemErrorDetails): ModemError {
    return new ModemError(code, { ...details, lastLines: [...this.#lastLines] });
  }

  #await(line: string, isOwn: boolean, take: (pdu: string) => void): void {
    // One message without its PDU is lost; so are not the next ones.
    this.#awaited = this.#awaited.filter((awaited) => awaited.isOwn !== isOwn);
    this.#awaited.push({ line, isOwn, take });
  }

  /** To the message it is of, by its length: one may have come between the other and its PDU. */
  #takePdu(pdu: string): boolean {
    const fitting = this.#awaited.findLast(({ line }) => isOfLength(line, pdu));
    if (!fitting && this.#exchange?.command.pattern?.test(pdu)) return false;
    const awaited = fitting ?? this.#awaited.at(-1);
    if (!awaited) return false;
    this.#awaited = this.#awaited.filter((other) => other !== awaited);
    awaited.take(pdu);
    return true;
  }

  #isEcho(line: string): boolean {
    if (line === 'AT' && this.#resync) return true;
    const command = this.#exchange?.command;
    return command !== undefined && (line === command.text || withoutEnd(line) === command.pdu);
  }

  #continueQuoted(line: string): void {
    const lines = this.#quoted!;
    const isOver = readFinal(line) !== undefined || lines.length >= limits.quotedLines;
    if (!isOver) lines.push(line);
    if (!isOver && isOpen(lines.join('\n'))) return;
    this.#quoted = undefined;
    this.#tell(lines.join('\n'));
    if (isOver) this.#takeLine(line);
  }

  #tell(line: string, pdu?: string): void {
    this.#setup.onUnsolicited({ name: nameOf(line), line, ...(pdu !== undefined && { pdu }) });
  }

  #remember(line: string): void {
    this.#setup.log.received(line);
    this.#lastLines.push(masked(line));
    if (this.#lastLines.length > limits.lastLines) this.#lastLines.shift();
  }
}

function isOpen(text: string): boolean {
  return text.split('"').length % 2 === 0;
}

function withoutEnd(line: string): string {
  return line.endsWith(CTRL_Z) ? line.slice(0, -1) : line;
}

/** The line tells the octets of the TPDU, before which the PDU mostly has the service centre. TS 27.005 3.1 <length> */
function isOfLength(line: string, pdu: string): boolean {
  const octets = tpduOctetsOf(line);
  const serviceCentreOctets = Number.parseInt(pdu.slice(0, 2), 16);
  return octets !== undefined && (pdu.length === 2 * (octets + 1 + serviceCentreOctets) || pdu.length === 2 * octets);
}
