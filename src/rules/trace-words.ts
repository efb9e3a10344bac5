// What `rule test` prints: what each rule made of a message, and what would come of it.

import type { Deed, Destination, Outcome, RuleTrace, Verdict } from './outcome.js';

/** Lines of a traced outcome. Rules that did not match are one line each; those after the end are counted. */
export function describeOutcome(outcome: Outcome): string[] {
  if (outcome.isLooping) return ['No rule was tried: the message has gone through too many.', ...resultLines(outcome)];
  const notReached = outcome.trace.filter(({ state }) => state === 'not-reached').length;
  return [
    ...outcome.trace.filter(({ state }) => state !== 'not-reached').flatMap(ruleLines),
    ...(notReached > 0 ? [`${counted(notReached, 'rule')} after that: not reached`] : []),
    ...resultLines(outcome),
  ];
}

function ruleLines({ position, title, state, because, deeds }: RuleTrace): string[] {
  const start = `${position}. ${title}: `;
  if (state === 'matched') return [`${start}matched`, ...deeds.map(deedLine)];
  if (state === 'not-matched') return [`${start}not matched (${because ?? ''})`];
  return [`${start}disabled${because === undefined ? ', would match' : `, would not match (${because})`}`];
}

function deedLine({ action, isDone, words }: Deed): string {
  return `   ${action}: ${isDone ? words : `skipped, ${words}`}`;
}

function resultLines(outcome: Outcome): string[] {
  const { verdict, gateway, priority, effects, message } = outcome;
  return [
    `Verdict: ${verdictWords(verdict)}`,
    ...(message.direction === 'outgoing' ? destinationLines(outcome.destination) : []),
    ...(gateway === undefined ? [] : [`Gateway: ${gateway}`]),
    ...(priority === undefined ? [] : [`Priority: ${priority}`]),
    ...(outcome.isPlaced ? ['Delivered by rules alone'] : []),
    `Afterwards: ${effects.length === 0 ? 'nothing' : effects.map(({ type }) => type).join(', ')}`,
  ];
}

function verdictWords(verdict: Verdict): string {
  return verdict.kind === 'reject' ? `reject (${verdict.reason})` : verdict.kind;
}

function destinationLines({ number, parameters }: Destination): string[] {
  return [`To: ${[number, ...parameters.map(([name, value]) => `${name}=${value}`)].join(' ')}`];
}

function counted(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
