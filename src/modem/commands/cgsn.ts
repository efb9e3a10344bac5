// Who a modem is.
// TS 27.007 5.4 Request product serial number identification +CGSN, 5.6 Request international mobile subscriber identity +CIMI,
// 5.1 Request manufacturer identification +CGMI, 5.2 Request model identification +CGMM

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { parametersOf } from '../fields.js';

export interface ModemIdentity {
  imei?: string | undefined;
  imsi?: string | undefined;
}

const identity = /^(\+C(GSN|IMI):\s*)?"?\d{14,17}"?$/;

export async function readImei(channel: AtChannel): Promise<string | undefined> {
  return readNumber(channel, 'AT+CGSN');
}

export async function readImsi(channel: AtChannel): Promise<string | undefined> {
  return readNumber(channel, 'AT+CIMI');
}

async function readNumber(channel: AtChannel, text: string): Promise<string | undefined> {
  const line = await ask(channel, text, identity);
  return line && /\d{14,17}/.exec(line)![0];
}

/** `huawei E220`, as far as it says so. */
export async function readModel(channel: AtChannel): Promise<string> {
  const anything = /^(?!OK$|ERROR$|\+CM[ES] ERROR|AT)[\x20-\x7e]+$/;
  const maker = await ask(channel, 'AT+CGMI', anything);
  const model = await ask(channel, 'AT+CGMM', anything);
  return [maker, model].map((line) => line && (line.startsWith('+') ? parametersOf(line) : line)).join(' ');
}

async function ask(channel: AtChannel, text: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const [answer] = await channel.execute({ text, pattern });
    return answer?.line;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
