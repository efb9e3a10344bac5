// What becomes of a message behind Ctrl-Z: the network takes it or not, and the answer says so or not.
// TS 27.005 3.5.1 Send Message +CMGS, 3.2.5 Message Service Failure Result Code +CMS ERROR

import { writtenAddress } from '../sms/tpdu/address.js';
import type { Call } from './command-row.js';
import type { Occasion } from './fault-switches.js';
import { sentEvent } from './message-events.js';
import type { Modem } from './modem.js';
import type { Answer, FinalResult } from './result-codes.js';
import type { ReadyMessage } from './typed-message.js';

export function submit(call: Call, ready: ReadyMessage): Answer {
  const { modem, command } = call;
  const to = writtenAddress(ready.submit.destination);
  const occasion: Occasion = { ...call.occasion, to };
  // +CMMS keeps the link: what follows needs no new one.
  const wait = modem.settings.cmms > 0 ? modem.parts.submitMs / 2 : modem.parts.submitMs;
  const name = command.name;
  if (wait === 0) return conclude(call, { ready, to, occasion, name });
  return new Promise((resolve) => {
    modem.clock.after(wait, () => resolve(conclude(call, { ready, to, occasion, name })));
  });
}

interface Submission {
  readonly ready: ReadyMessage;
  readonly to: string;
  readonly occasion: Occasion;
  readonly name: string;
}

function conclude(call: Call, submission: Submission): Answer {
  const { modem, line } = call;
  const { ready, to, occasion, name } = submission;
  const { faults } = modem;
  if (faults.strike('lost-after-ctrl-z', occasion)) return 'silent';
  const refused = refusal(modem, submission);
  if (refused !== undefined) {
    modem.parts.tell({ event: 'refused', to, error: errorName(refused) });
    return refused;
  }
  const reference = modem.nextReference();
  const { tpdu, submit: decoded } = ready;
  const accepted = modem.parts.network.submit(modem, { to, reference, submit: decoded, tpdu });
  modem.parts.tell(sentEvent(accepted));
  const spoiled = spoiledAnswer(call, occasion);
  if (spoiled !== undefined) return spoiled;
  const late = faults.strike('late-after-ctrl-z', occasion)?.values['ms'];
  const answer = (): FinalResult => {
    line.inform([`${name}: ${reference}`]);
    return 'OK';
  };
  if (late === undefined) return answer();
  return new Promise((resolve) => modem.clock.after(late, () => resolve(answer())));
}

function refusal(modem: Modem, { ready, occasion }: Submission): FinalResult | undefined {
  const cms = modem.faults.number('cms', occasion);
  if (cms !== undefined) return { cms };
  if (modem.faults.strike('error', occasion)) return 'ERROR';
  if (ready.serviceCentre === undefined && modem.serviceCentre === undefined) return { cms: 330 };
  return modem.radio.isReachable ? undefined : { cms: 331 };
}

/** The network has the message; what the other side is told instead of that. */
function spoiledAnswer({ modem, line }: Call, occasion: Occasion): FinalResult | undefined {
  const { faults } = modem;
  const cms = faults.number('taken-cms', occasion);
  if (cms !== undefined) return { cms };
  const pulled = faults.strike('unplug-after-ctrl-z', occasion);
  if (pulled) modem.parts.unplug(pulled.values['ms']!);
  else if (faults.strike('hang-after-ctrl-z', occasion)) line.hang();
  else if (!faults.strike('silent-after-ctrl-z', occasion)) return undefined;
  return 'silent';
}

function errorName(result: FinalResult): string {
  if (typeof result === 'string') return result;
  return 'cms' in result ? `+CMS ERROR: ${result.cms}` : `+CME ERROR: ${result.cme}`;
}
