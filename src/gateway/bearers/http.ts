// A provider with an HTTP API as a bearer: one request for a text of any length, one for each part of a binary message.
// The options stand in http/setup.ts.

import { setTimeout as delay } from 'node:timers/promises';
import { HookError, type HookErrorCode } from '../../hooks/errors.js';
import { type HttpCaller, type OpenCaller, openCaller as openInThisThread } from '../../hooks/http-call.js';
import { MessageError } from '../../message/errors.js';
import type { Store } from '../../store/open.js';
import { getUserRow } from '../../store/users.js';
import type { Accepted, Bearer } from '../bearer.js';
import { SubmitError, type SubmitErrorCode } from '../errors.js';
import { isAliasOfSender, type SendingUser, type SentMessage, valuesOf } from './http/message-values.js';
import { buildRequest, encodeBody, type HttpRequest } from './http/request.js';
import { type HttpSetup, readSetup } from './http/setup.js';
import { type Failure, judge, type Verdict } from './http/verdict.js';

interface HttpServices {
  store: Store;
  now: () => number;
  openCaller?: OpenCaller | undefined;
}

export interface HttpGateway {
  id: string;
  options: Record<string, unknown>;
}

/** Before a part of a message whose first parts were taken is given again. */
const defaultPauses: readonly number[] = [1_000, 5_000, 15_000];

/** @throws OptionError */
export function openHttp(services: HttpServices, gateway: HttpGateway, partPauses?: readonly number[]): Bearer {
  const setup = readSetup(gateway.options);
  const { openCaller = openInThisThread, now } = services;
  const caller = openCaller({ now });
  const line: Line = { id: gateway.id, setup, caller, pauses: partPauses ?? defaultPauses };
  return {
    id: gateway.id,
    concurrency: setup.concurrency,
    beginsAtOnce: true,
    submit: async (handover) => {
      const { message } = handover;
      const requests = buildRequests(line, message, await findUser(services.store, setup, message));
      return (await handover.beginSending()) ? send(line, requests, handover.signal) : { outcome: 'left' };
    },
    close: async () => void caller.close(),
  };
}

/** The requests that would carry this message, and are not sent. @throws OptionError, MessageError BAD_PARAMETER */
export async function rehearse(
  store: Store,
  options: Record<string, unknown>,
  message: OwnedMessage,
): Promise<HttpRequest[]> {
  const setup = readSetup(options);
  const user = await findUser(store, setup, message);
  try {
    return valuesOf(message, user).map((values) => buildRequest(setup.request, values));
  } catch (error) {
    if (error instanceof HookError) throw new MessageError('BAD_PARAMETER', 'text');
    throw error;
  }
}

interface Line {
  id: string;
  setup: HttpSetup;
  caller: HttpCaller;
  pauses: readonly number[];
}

type OwnedMessage = SentMessage & { userId: number | null };

// Read where the template or the message asks for it, and for no other text.
async function findUser(store: Store, setup: HttpSetup, message: OwnedMessage): Promise<SendingUser | undefined> {
  const { userId } = message;
  const isNamed = setup.request.namesUser || isAliasOfSender(message.sender);
  return isNamed && userId !== null ? store.read((session) => getUserRow(session, userId)) : undefined;
}

/** @throws SubmitError */
function buildRequests({ id, setup }: Line, message: SentMessage, user: SendingUser | undefined): HttpRequest[] {
  try {
    return valuesOf(message, user).map((values) => buildRequest(setup.request, values));
  } catch (error) {
    throw new SubmitError('HTTP_UNWRITABLE', id, error);
  }
}

/** @throws SubmitError */
async function send(line: Line, requests: readonly HttpRequest[], signal: AbortSignal): Promise<Accepted> {
  const isWhole = requests.length === 1;
  const references: { reference: string; part?: number }[] = [];
  for (const [part, request] of requests.entries()) {
    const verdict = await (part === 0 ? ask(line, request, signal) : insist(line, request, signal));
    if ('code' in verdict) throw failed(line, verdict);
    const { reference } = verdict;
    if (reference !== undefined) references.push(isWhole ? { reference } : { reference, part });
  }
  return references.length > 0 ? { outcome: 'sent', references } : { outcome: 'sent' };
}

function failed({ id }: Line, { code, cause, ...answer }: Failure): SubmitError {
  return new SubmitError(code, id, cause, answer);
}

// The parts before it were taken: the message cannot go elsewhere, and whoever is asked again is asked for this part alone.
async function insist(line: Line, request: HttpRequest, signal: AbortSignal): Promise<Verdict> {
  let verdict = await ask(line, request, signal);
  for (const pause of line.pauses) {
    if (!('code' in verdict) || isUnknown(verdict)) return verdict;
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { code: 'SHUT_DOWN' };
    verdict = await ask(line, request, signal);
  }
  return 'code' in verdict && !isUnknown(verdict) ? { ...verdict, code: 'HTTP_INCOMPLETE' } : verdict;
}

function isUnknown({ code }: Failure): boolean {
  return code === 'HTTP_NO_ANSWER' || code === 'SHUT_DOWN';
}

async function ask({ setup, caller }: Line, request: HttpRequest, signal: AbortSignal): Promise<Verdict> {
  const { identity: tls, timeoutMilliseconds } = setup;
  const { method, url, headers } = request;
  const body = encodeBody(setup.request, request);
  try {
    return judge(await caller.call({ method, url, headers, body, timeoutMilliseconds, signal, tls }), setup);
  } catch (cause) {
    if (!(cause instanceof HookError)) throw cause;
    const code = signal.aborted && cause.code === 'NO_ANSWER' ? 'SHUT_DOWN' : (codes[cause.code] ?? 'HTTP_UNWRITABLE');
    return { code, cause };
  }
}

// The others say that the request cannot be written.
const codes: Partial<Record<HookErrorCode, SubmitErrorCode>> = {
  NOT_CONNECTED: 'HTTP_NOT_CONNECTED',
  NO_ANSWER: 'HTTP_NO_ANSWER',
};
