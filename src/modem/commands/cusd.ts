// TS 27.007 7.15 Unstructured supplementary service data +CUSD

import type { AtChannel } from '../channel.js';
import { fieldsOf, numberOf } from '../fields.js';

export interface UssdAnswer {
  text: string;
  /** The network waits for a choice, which is sent as the next code. */
  expectsReply: boolean;
}

/** What may be dialled, and chosen from a menu. */
export const ussdCode = /^[0-9*#+]{1,64}$/;

// TS 23.038 5: GSM 7 bit, in no particular language.
const anyLanguage = 15;

export async function dial(channel: AtChannel, code: string): Promise<void> {
  await channel.execute({ text: `AT+CUSD=1,"${code}",${anyLanguage}`, timeoutMilliseconds: 30_000 });
}

export interface ReadUssd {
  /** 0 done, 1 expects a reply, 2 ended by the network, 3 other local client, 4 not supported, 5 timeout. */
  status: number;
  /** As it came. */
  text: string;
  scheme: number | undefined;
}

export function readUssd(line: string): ReadUssd {
  const [status, text = '', scheme] = fieldsOf(line);
  return { status: numberOf(status) ?? 2, text, scheme: numberOf(scheme) };
}
