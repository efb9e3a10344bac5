// A modem that says what it is told to, at the other end of a port that is none. What it hears stands in `heard`.

import { ModemError } from '../../src/modem/errors.js';
import type { OpenPort, PortEvents } from '../../src/modem/port.js';

/** What is answered to a command, as lines; `undefined` for silence. */
export type Answer = readonly string[] | undefined;
export type Cut = (text: string) => string[];

export const whole: Cut = (text) => [text];
export const byteByByte: Cut = (text) => [...text];

interface Stored {
  status: number;
  pdu: string;
}

// The first one that fits answers; a test puts its own before them.
const usual: [RegExp, (modem: FakeModem, match: RegExpExecArray) => Answer][] = [
  [/^AT\+CPIN\?$/, (modem) => [`+CPIN: ${modem.pinState}`, 'OK']],
  [/^AT\+CPINR/, (modem) => [`+CPINR: SIM PIN,${modem.pinTries},3`, 'OK']],
  [/^AT\+CPIN="(.*)"$/, (modem, [, pin]) => modem.enterPin(pin!)],
  [/^AT\+CGMI$/, () => ['FAKE', 'OK']],
  [/^AT\+CGMM$/, () => ['MODEM 1', 'OK']],
  [/^AT\+CGSN$/, (modem) => [modem.imei, 'OK']],
  [/^AT\+CIMI$/, () => ['001010123456789', 'OK']],
  [/^AT\+CSCA\?$/, (modem) => [`+CSCA: "${modem.serviceCentre}",145`, 'OK']],
  [/^AT\+CNMI=\?$/, () => ['+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)', 'OK']],
  [/^AT\+CPMS=\?$/, () => ['+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")', 'OK']],
  [/^AT\+CPMS="(\w\w)"/, (modem, [, memory]) => modem.select(memory!)],
  [/^AT\+CMMS=\?$/, () => ['+CMMS: (0-2)', 'OK']],
  [/^AT\+CREG\?$/, (modem) => [`+CREG: 0,${modem.registration}`, 'OK']],
  [/^AT\+CSQ$/, () => ['+CSQ: 20,99', 'OK']],
  [/^AT\+CMGL=4$/, (modem) => modem.list()],
  [/^AT\+CMGR=(\d+)$/, (modem, [, index]) => modem.read(Number(index))],
  [/^AT\+CMGD=(\d+)$/, (modem, [, index]) => modem.delete(Number(index))],
  [/^AT/, () => ['OK']],
];

export class FakeModem {
  readonly heard: string[] = [];
  readonly pdus: string[] = [];
  readonly memories: Record<string, Map<number, Stored>> = { SM: new Map(), ME: new Map() };
  answers: [RegExp, (modem: FakeModem, match: RegExpExecArray) => Answer][] = [];
  /** To a PDU; `undefined` for silence. */
  outcome: (modem: FakeModem) => Answer = (modem) => [`+CMGS: ${modem.reference++}`, 'OK'];
  prompt: string | undefined = '\r\n> ';
  cut: Cut = whole;
  echoes = false;
  device = '/dev/ttyUSB0';
  pinState = 'READY';
  pinTries = 3;
  pin = '1234';
  imei = '490154203237518';
  serviceCentre = '+447700900000';
  registration = 1;
  reference = 0;
  opened = 0;
  #selected = 'SM';
  #line = '';
  #isAtPrompt = false;
  #events: PortEvents | undefined;

  readonly openPort: OpenPort = async ({ device }, events) => {
    if (device !== this.device || this.#events) throw new ModemError('NOT_OPENED');
    this.opened++;
    this.#events = events;
    return {
      write: (octets) => this.#hear(typeof octets === 'string' ? octets : Buffer.from(octets).toString('latin1')),
      close: async () => void (this.#events = undefined),
    };
  };

  get isOpen(): boolean {
    return this.#events !== undefined;
  }

  /** As octets, at once. */
  say(text: string): void {
    for (const chunk of this.cut(text)) this.#events?.data(Buffer.from(chunk, 'latin1'));
  }

  tell(...lines: string[]): void {
    this.say(lines.map((line) => `\r\n${line}\r\n`).join(''));
  }

  unplug(): void {
    const events = this.#events;
    this.#events = undefined;
    this.#isAtPrompt = false;
    events?.closed(new Error('unplugged'));
  }

  enterPin(pin: string): Answer {
    if (pin !== this.pin) {
      this.pinTries--;
      return ['+CME ERROR: 16'];
    }
    this.pinState = 'READY';
    return ['OK'];
  }

  select(memory: string): Answer {
    const messages = this.memories[memory];
    if (!messages) return ['+CMS ERROR: 302'];
    this.#selected = memory;
    return [`+CPMS: ${[1, 2, 3].map(() => `${messages.size},10`).join(',')}`, 'OK'];
  }

  list(): Answer {
    const lines = [...this.#messages()].flatMap(([index, message]) => written(`+CMGL: ${index}`, message));
    return [...lines, 'OK'];
  }

  read(index: number): Answer {
    const message = this.#messages().get(index);
    return message ? [...written('+CMGR:', message), 'OK'] : ['+CMS ERROR: 321'];
  }

  delete(index: number): Answer {
    this.#messages().delete(index);
    return ['OK'];
  }

  #messages(): Map<number, Stored> {
    return this.memories[this.#selected]!;
  }

  #hear(text: string): void {
    if (this.echoes) this.say(text.replaceAll('\x1b', ''));
    for (const character of text) {
      if (character === '\x1b') this.#cancel();
      else if (character === '\x1a' && this.#isAtPrompt) this.#takePdu();
      else if (character === '\r') this.#takeCommand();
      else this.#line += character;
    }
  }

  #cancel(): void {
    if (this.#isAtPrompt) this.heard.push('ESC');
    this.#isAtPrompt = false;
    this.#line = '';
  }

  #takePdu(): void {
    this.#isAtPrompt = false;
    this.pdus.push(this.#line);
    this.heard.push('PDU');
    this.#line = '';
    this.#answer(this.outcome(this));
  }

  #takeCommand(): void {
    const command = this.#line;
    this.#line = '';
    if (command === '' || this.#isAtPrompt) return;
    this.heard.push(command);
    const own = [...this.answers, ...usual].find(([pattern]) => pattern.test(command));
    if (command.startsWith('AT+CMGS=') && own?.[0].source === '^AT') {
      this.#isAtPrompt = this.prompt !== undefined;
      queueMicrotask(() => this.prompt !== undefined && this.say(this.prompt));
    } else if (own) this.#answer(own[1](this, own[0].exec(command)!));
  }

  #answer(answer: Answer): void {
    if (answer) queueMicrotask(() => this.tell(...answer));
  }
}

function written(head: string, { status, pdu }: Stored): string[] {
  const octets = pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16);
  const fields = `${status},,${octets}`;
  return [head.endsWith(':') ? `${head} ${fields}` : `${head},${fields}`, pdu];
}
