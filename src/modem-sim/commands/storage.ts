// Memories, deletion, and who is told of what arrives.
// TS 27.005 3.2.3 Preferred Message Storage +CPMS, 3.4.1 +CNMI, 3.4.4 and 4.7 New Message Acknowledgement +CNMA, 3.5.4 Delete Message +CMGD

import { readInteger, readParameters } from '../command-line.js';
import { type CommandRows, type Handler, rangeText, say } from '../command-row.js';
import { Stat } from '../memories.js';
import type { Modem } from '../modem.js';
import type { FinalResult } from '../result-codes.js';

const selectMemories: Handler = ({ modem, line, command }) => {
  const given = readParameters(command.value);
  const { choices } = modem.profile.memories;
  const isKnown =
    given.length <= 3 && given.every((name, n) => name === '' || choices[n]!.some((each) => each === name));
  if (!isKnown) return { cms: 302 };
  modem.selected = modem.selected.map((name, n) => given[n] || name) as typeof modem.selected;
  line.inform([`+CPMS: ${modem.selected.map((name) => usage(modem, name)).join(',')}`]);
  modem.comeBack();
  return 'OK';
};

function usage({ memories }: Modem, name: Modem['selected'][number]): string {
  return `${memories.used(name)},${memories.capacity(name)}`;
}

const quoted = (name: string): string => `"${name}"`;

// Which of the stored messages each delete flag takes, besides none: read; and sent; and unsent; and unread.
const takenByFlag: readonly (readonly Stat[])[] = [
  [],
  [Stat.Read],
  [Stat.Read, Stat.Sent],
  [Stat.Read, Stat.Sent, Stat.Unsent],
  [Stat.Read, Stat.Sent, Stat.Unsent, Stat.Unread],
];

const deleteMessages: Handler = ({ modem, command }) => {
  const [index, flag = 0] = readParameters(command.value).map((each) => readInteger(each, 0));
  const taken = takenByFlag[flag];
  if (taken === undefined || index === undefined) return { cms: 304 };
  const answer = flag === 0 ? deleteOne(modem, index) : deleteAll(modem, taken);
  modem.comeBack();
  return answer;
};

function deleteOne({ memories, selected, profile }: Modem, index: number): FinalResult {
  const { firstIndex } = profile.memories;
  const end = firstIndex + memories.capacity(selected[0]);
  if (!(index >= firstIndex && index < end)) return { cms: 321 };
  memories.remove(selected[0], index);
  return 'OK';
}

function deleteAll({ memories, selected }: Modem, taken: readonly Stat[]): FinalResult {
  for (const [index, { stat }] of memories.list(selected[0])) {
    if (taken.includes(stat)) memories.remove(selected[0], index);
  }
  return 'OK';
}

// Parameters that are left out stay as they are.
const setIndications: Handler = ({ modem, command }) => {
  const { settings, profile } = modem;
  const given = command.value === '' ? [] : readParameters(command.value);
  const wanted = settings.cnmi.map((value, n) => readInteger(given[n], given.length === 0 ? 0 : value));
  const isOffered = given.length <= 5 && wanted.every((value, n) => profile.cnmi[n]!.includes(value));
  if (!isOffered) return { cms: 303 };
  settings.cnmi = wanted as typeof settings.cnmi;
  modem.indications.changed();
  return 'OK';
};

// +CNMA[=n[,length]]: 2 is a refusal; with a length a PDU follows at a prompt, of which nothing is heeded here.
const acknowledge: Handler = async ({ modem, line, command }) => {
  const [n = 0, length = 0] = readParameters(command.value).map((each) => readInteger(each, 0));
  if (!(n >= 0 && n <= 2)) return { cms: 304 };
  if (length > 0 && (await line.prompt(true)).end !== 'ctrl-z') return 'OK';
  return modem.indications.acknowledge(n !== 2) ? 'OK' : { cms: 340 };
};

export const storageCommands: CommandRows = {
  '+CPMS': {
    needs: 'pin',
    family: 'cms',
    test: say(({ modem }) => {
      const lists = modem.profile.memories.choices.map((names) => `(${names.map(quoted).join(',')})`);
      return `+CPMS: ${lists.join(',')}`;
    }),
    read: say(({ modem }) => {
      return `+CPMS: ${modem.selected.map((name) => `${quoted(name)},${usage(modem, name)}`).join(',')}`;
    }),
    set: selectMemories,
  },
  '+CMGD': {
    needs: 'pin',
    family: 'cms',
    test: say(
      ({ modem }) =>
        `+CMGD: (${modem.memories
          .list(modem.selected[0])
          .map(([index]) => index)
          .join(',')}),(0-4)`,
    ),
    set: deleteMessages,
  },
  '+CNMI': {
    family: 'cms',
    test: say(({ modem }) => `+CNMI: ${modem.profile.cnmi.map(rangeText).join(',')}`),
    read: say(({ modem }) => `+CNMI: ${modem.settings.cnmi.join(',')}`),
    set: setIndications,
    action: setIndications,
  },
  '+CNMA': { needs: 'pin', family: 'cms', action: acknowledge, set: acknowledge, test: say(() => '+CNMA: (0-2)') },
};
