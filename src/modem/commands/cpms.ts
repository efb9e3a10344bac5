// TS 27.005 3.2.2 Preferred Message Storage +CPMS

import type { AtChannel } from '../channel.js';
import { isRefusal } from '../errors.js';
import { fieldsOf, numberOf, wordsOf } from '../fields.js';

export interface MemoryUse {
  used: number;
  total: number;
}

export interface OfferedMemories {
  /** From which messages are read. */
  read: string[];
  /** In which received messages are put; empty where that cannot be chosen. */
  receive: string[];
}

/** What is offered; SM alone where the modem does not tell. */
export async function readMemories(channel: AtChannel): Promise<OfferedMemories> {
  try {
    const [answer] = await channel.execute({ text: 'AT+CPMS=?', prefix: '+CPMS' });
    const [read, , receive] = answer ? fieldsOf(answer.line).map(wordsOf) : [];
    return read && read.length > 0 ? { read, receive: receive ?? [] } : { read: ['SM'], receive: [] };
  } catch (error) {
    if (isRefusal(error)) return { read: ['SM'], receive: [] };
    throw error;
  }
}

/** For all that follows. Some take three memories, some two, some one. */
export async function setMemories(channel: AtChannel, memory: string): Promise<void> {
  for (const memories of [3, 2, 1]) {
    const text = `AT+CPMS=${Array.from({ length: memories }, () => `"${memory}"`).join(',')}`;
    try {
      await channel.execute({ text, prefix: '+CPMS' });
      return;
    } catch (error) {
      if (!isRefusal(error) || memories === 1) throw error;
    }
  }
}

/** To read and delete from it; where received ones are put stays as it is. */
export async function selectMemory(channel: AtChannel, memory: string): Promise<MemoryUse | undefined> {
  const [answer] = await channel.execute({ text: `AT+CPMS="${memory}"`, prefix: '+CPMS' });
  if (!answer) return undefined;
  const [used, total] = fieldsOf(answer.line).map(numberOf);
  return used === undefined || total === undefined ? undefined : { used, total };
}
