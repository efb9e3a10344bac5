// One phone's line to its server: a command and its document go out over HTTP, the document of the answer comes back.
// MS-ASHTTP 2.2.1 HTTP POST; MS-ASHTTP 2.2.2 HTTP POST Response

import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { decode } from '../wbxml/decode.js';
import type { Element } from '../wbxml/element.js';
import { encode } from '../wbxml/encode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { PhoneError } from './errors.js';
import { httpRefusal } from './http-refusal.js';
import { limits } from './limits.js';
import type { Settled } from './options.js';
import { packedQuery, plainQuery } from './query.js';
import type { CommandName, MailParameters } from './query.js';

export interface PostOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** What a request carries: a document, a mail as it is, or nothing. */
export interface Load {
  readonly document?: Element | undefined;
  readonly mail?: Uint8Array;
  readonly parameters?: MailParameters;
}

export class Connection {
  /** Sent with every request: '0' until the phone is provisioned. */
  policyKey = '0';
  readonly #options: Settled;
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #unheard = new Set<CommandName>();

  constructor(options: Settled) {
    this.#options = options;
    this.#url = new URL('/Microsoft-Server-ActiveSync', options.server);
    this.#agent = this.#isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /** The answer's root element, `undefined` where its body is empty. @throws PhoneError */
  async post(command: CommandName, load: Load, options: PostOptions): Promise<Element | undefined> {
    const answer = await this.#exchange(command, load, options);
    if (this.#unheard.delete(command)) throw new PhoneError('UNREACHABLE', { command });
    if (answer.incoming.statusCode !== 200) throw httpRefusal(command, answer.incoming, this.#options.clock.now());
    return answer.body.length === 0 ? undefined : readDocument(command, answer.body);
  }

  /** Fault: the next answer to this command arrives and is not heard, as if the line had broken under it. */
  dropAnswer(command: CommandName): void {
    this.#unheard.add(command);
  }

  /** Closes every socket at once, answered or not. */
  close(): void {
    this.#agent.destroy();
  }

  get #isTls(): boolean {
    return this.#url.protocol === 'https:';
  }

  #exchange(command: CommandName, load: Load, options: PostOptions): Promise<HttpAnswer> {
    const { signal, timeoutMs = limits.answerMs } = options;
    const body = octetsOf(load);
    const open = this.#isTls ? httpsRequest : httpRequest;
    return new Promise<HttpAnswer>((resolve, reject) => {
      const lost = (cause: unknown) => reject(signal.aborted ? stopped() : asPhoneError(command, cause));
      const outgoing = open({
        method: 'POST',
        ...this.#target(command, load),
        agent: this.#agent,
        signal,
        headers: { ...this.#headers(), ...describe(load, body) },
      });
      const deadline = setTimeout(() => outgoing.destroy(new Error('no answer in time')), timeoutMs);
      outgoing.on('error', lost);
      outgoing.on('response', (incoming) => {
        collect(command, incoming).then((octets) => resolve({ incoming, body: octets }), lost);
      });
      outgoing.on('close', () => clearTimeout(deadline));
      outgoing.end(body);
    });
  }

  #target(command: CommandName, { parameters }: Load): { hostname: string; port: string; path: string } {
    const { hostname, port, pathname } = this.#url;
    const isPacked = this.#options.query === 'base64';
    const packed = () => packedQuery(command, { ...this.#options, policyKey: this.policyKey }, parameters);
    const query = isPacked ? packed() : plainQuery(command, this.#options, parameters);
    return { hostname: hostname.replace(/^\[|\]$/g, ''), port, path: `${pathname}?${query}` };
  }

  #headers(): OutgoingHttpHeaders {
    const { user, password, model, protocolVersion, query } = this.#options;
    const credentials = Buffer.from(`${user}:${password}`).toString('base64');
    return {
      Authorization: `Basic ${credentials}`,
      'User-Agent': model,
      // The packed query holds both of these.
      ...(query === 'plain' && { 'MS-ASProtocolVersion': protocolVersion, 'X-MS-PolicyKey': this.policyKey }),
    };
  }
}

function octetsOf({ document, mail }: Load): Uint8Array | undefined {
  return document === undefined ? mail : encode(document);
}

// MS-ASHTTP 2.2.1 HTTP POST Request
function describe({ mail }: Load, body: Uint8Array | undefined): OutgoingHttpHeaders {
  const type = mail === undefined ? 'application/vnd.ms-sync.wbxml' : 'message/rfc822';
  return { ...(body !== undefined && { 'Content-Type': type }), 'Content-Length': body?.length ?? 0 };
}

interface HttpAnswer {
  readonly incoming: IncomingMessage;
  readonly body: Uint8Array;
}

async function collect(command: CommandName, incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > limits.answerOctets) throw new PhoneError('ANSWER_TOO_LONG', { command });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readDocument(command: CommandName, body: Uint8Array): Element {
  try {
    return decode(body);
  } catch (cause) {
    if (cause instanceof WbxmlError) throw new PhoneError('BAD_ANSWER', { command, cause });
    throw cause;
  }
}

function asPhoneError(command: CommandName, cause: unknown): PhoneError {
  return cause instanceof PhoneError ? cause : new PhoneError('UNREACHABLE', { command, cause });
}

function stopped(): PhoneError {
  return new PhoneError('STOPPED');
}
