// TS 27.005 3.5.4 Delete Message +CMGD

import type { AtChannel } from '../channel.js';

/** From the memory that is selected. */
export async function deleteMessage(channel: AtChannel, index: number): Promise<void> {
  await channel.execute({ text: `AT+CMGD=${index}` });
}
