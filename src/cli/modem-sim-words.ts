// What happens to an emulated modem, in words.

import type { Part, Place, SimEvent } from '../modem-sim/events.js';
import { printable } from './print.js';

type Told = SimEvent | { event: 'ready'; listen: string; number: string; profile: string };

export function inWords(event: Told): string {
  return `${event.event.padEnd(12)} ${sentence(event)}`.trimEnd();
}

function sentence(event: Told): string {
  switch (event.event) {
    case 'ready':
      return `${event.listen}, ${event.number}, ${event.profile}`;
    case 'plugged':
      return event.listen;
    case 'sent':
      return `to ${event.to}${partText(event.part)}: ${contentText(event)} (TP-MR ${event.reference})`;
    case 'refused':
      return `${event.to === undefined ? '' : `to ${event.to}: `}${event.error}`;
    case 'received':
      return `from ${printable(event.from)}${partText(event.part)}: ${contentText(event)} (${placeText(event.where)})`;
    case 'report':
      return `about TP-MR ${event.reference} to ${event.to}: status ${event.status} (${placeText(event.where)})`;
    case 'ringing':
      return `from ${event.from}`;
    case 'ussd':
      return printable(event.code);
    case 'fault':
      return `${event.name}${event.command === undefined ? '' : ` on ${event.command}`}`;
    case 'line':
      return `${event.from === 'peer' ? '>' : '<'} ${event.text.split('\n').map(printable).join('\n             < ')}`;
    case 'connected':
    case 'disconnected':
    case 'powered':
    case 'unplugged':
    case 'hung-up':
      return '';
  }
}

function contentText({ text, data }: { text?: string; data?: string }): string {
  return text === undefined ? `octets ${data}` : `"${printable(text)}"`;
}

function partText(part: Part | undefined): string {
  return part === undefined ? '' : `, part ${part.part} of ${part.total}`;
}

function placeText(where: Place): string {
  return where === 'line' ? 'handed over' : `${where.memory} ${where.index}`;
}
