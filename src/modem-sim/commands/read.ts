// Stored messages.
// TS 27.005 3.4.2 and 4.1 List Messages +CMGL, 3.4.3 and 4.2 Read Message +CMGR

import { readInteger, readParameters } from '../command-line.js';
import { type Call, type CommandRows, type Handler, say } from '../command-row.js';
import { Stat, type StoredMessage } from '../memories.js';
import { storedText, textStats } from '../text-mode.js';

// All of them; TS 27.005 4.1 <stat> of +CMGL.
const allStats = 4;

const list: Handler = (call) => {
  const { modem, line, command, occasion } = call;
  const wanted = readWanted(call);
  if (wanted === undefined) return { cms: modem.settings.cmgf === 1 ? 305 : 304 };
  const isPeeked = readParameters(command.value)[1] === '1';
  const found = modem.memories.list(modem.selected[0]).filter(([, { stat }]) => wanted === allStats || stat === wanted);
  const lines = found.flatMap(([index, message]) => show(call, message, `${index},`));
  if (found.length === 0 && modem.profile.emptyListIsError) return { cms: 321 };
  if (modem.faults.strike('cmgl-stalls', occasion)) {
    line.inform(lines.slice(0, Math.ceil(lines.length / 2)));
    line.hang();
    return 'silent';
  }
  line.inform(lines);
  if (!isPeeked) for (const [, message] of found) markRead(message);
  return 'OK';
};

/** A <stat>, 4 for all; `undefined` where it is none. */
function readWanted({ modem, command }: Call): number | undefined {
  const [written = ''] = readParameters(command.value);
  if (modem.settings.cmgf === 0) {
    const stat = readInteger(written, Stat.Unread);
    return stat >= 0 && stat <= allStats ? stat : undefined;
  }
  if (written.toUpperCase() === 'ALL') return allStats;
  const stat = written === '' ? Stat.Unread : textStats.indexOf(written.toUpperCase());
  return stat === -1 ? undefined : stat;
}

const read: Handler = (call) => {
  const { modem, line, command } = call;
  const [written, mode] = readParameters(command.value);
  const index = readInteger(written);
  const message = Number.isNaN(index) ? undefined : modem.memories.get(modem.selected[0], index);
  if (message === undefined) return { cms: 321 };
  line.inform(show(call, message, ''));
  if (mode !== '1') markRead(message);
  return 'OK';
};

function markRead(message: StoredMessage): void {
  if (message.stat === Stat.Unread) message.stat = Stat.Read;
}

/** A line that says what it is, and the message. */
function show(call: Call, message: StoredMessage, before: string): string[] {
  const { modem, command, occasion } = call;
  const { stat, pdu } = message;
  if (modem.settings.cmgf === 1) {
    const { head, body } = storedText(message, modem.settings);
    return [`${command.name}: ${before}"${textStats[stat]}",${head}`, body];
  }
  const length = pdu.length - 1 - pdu[0]!;
  const hex = Buffer.from(pdu).toString('hex').toUpperCase();
  const isCut = modem.faults.strike('bad-pdu', occasion);
  return [`${command.name}: ${before}${stat},,${length}`, isCut ? hex.slice(0, hex.length >> 1) : hex];
}

export const readCommands: CommandRows = {
  '+CMGL': {
    needs: 'pin',
    family: 'cms',
    test: say(({ modem }) =>
      modem.settings.cmgf === 0
        ? '+CMGL: (0-4)'
        : `+CMGL: (${[...textStats, 'ALL'].map((name) => `"${name}"`).join(',')})`,
    ),
    action: list,
    set: list,
  },
  '+CMGR': { needs: 'pin', family: 'cms', test: say(() => []), set: read },
};
