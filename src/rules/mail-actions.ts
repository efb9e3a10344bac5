// Forward, copy, send and move: other messages that come of this one, and where it lies.

import { fillAddresses, readAddresses } from './addresses.js';
import { RuleError } from './errors.js';
import { fill } from './fill.js';
import { limits } from './limits.js';
import type { Action } from './rule.js';
import { effect, type Step } from './step.js';
import { readTemplate } from './template.js';

type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

const noAddress = { skipped: 'no address is left' };

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function compileForward({ type, to }: ActionOf<'forward' | 'copy'>): Step {
  const addresses = readAddresses(to);
  return (run) => {
    const filled = fillAddresses(addresses, run.filling);
    if (filled.length === 0) return noAddress;
    const told = effect(run, { type, to: filled }, `to ${filled.join(', ')}`);
    if (type === 'forward' && 'did' in told) run.isPlaced = true;
    return told;
  };
}

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function compileSend({ to, text, subject }: ActionOf<'send'>): Step {
  const addresses = readAddresses(to);
  const [written, title] = [readTemplate(text), readTemplate(subject ?? '')];
  return (run) => {
    const filled = fillAddresses(addresses, run.filling);
    if (filled.length === 0) return noAddress;
    const message = { text: fill(written, 'text', run.filling), subject: fill(title, 'header', run.filling) };
    if (message.text.length > limits.filledCharacters || message.subject.length > limits.headerCharacters)
      return tooLong;
    return effect(run, { type: 'send', to: filled, ...message }, `to ${filled.join(', ')}: ${message.text}`);
  };
}

const tooLong = { skipped: 'the text is too long' };

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function compileMove(written: string): Step {
  const template = readTemplate(written.trim());
  if (template.length === 0) throw new RuleError('BAD_ACTION', 'a folder is needed');
  return (run) => {
    const place = readPlace(fill(template, 'folder', run.filling));
    if (place.folder === '' || place.folder.length > limits.headerCharacters) return { skipped: 'no folder is left' };
    const told = effect(run, { type: 'move', ...place }, `to ${describe(place)}`);
    if ('did' in told) run.isPlaced = true;
    return told;
  };
}

interface Place {
  folder: string;
  address: string | undefined;
}

/** `address/Folder path`, or the folder alone. */
function readPlace(written: string): Place {
  const [, address, folder] = /^([^/]*@[^/]*)\/(.*)$/.exec(written) ?? [];
  return address === undefined ? { folder: written, address: undefined } : { folder: folder!, address };
}

function describe({ folder, address }: Place): string {
  return address === undefined ? folder : `${folder} of ${address}`;
}
