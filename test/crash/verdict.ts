// Three witnesses after the last kill: what `/sms/` answered, what the sink saw, what the store says. Each contradiction
// among them is a finding.

import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess, stored, type StoredMessage } from '../server-process.js';
import type { HostileSink, JournalEntry } from './hostile-sink.js';

export interface Verdict {
  accepted: number;
  stored: number;
  /** Requests at the sink. */
  requests: number;
  /** Messages by their last state. */
  states: Record<string, number>;
  /** One sentence for each contradiction. */
  findings: string[];
}

export interface Witnesses {
  server: ServerProcess;
  sink: HostileSink;
  accepted: ReadonlyMap<string, string>;
  strange: readonly string[];
  user: string;
}

/** Waits until every message has come to its end, and stops the server. */
export async function judge({ server, sink, accepted, strange, user }: Witnesses): Promise<Verdict> {
  const messages = await ended(server);
  const inbox = await server.list<{ text: string }>(`/users/${user}/messages?folder=inbox`);
  const sentItems = await server.list<{ text: string }>(`/users/${user}/messages?folder=sent`);
  const seen = byText(sink.journal);
  const letters = countBy(inbox.flatMap(({ text }) => /\n(text \d+\.\d+\.\d+)\n/.exec(text)?.[1] ?? []));
  const copies = countBy(sentItems.map(({ text }) => text));
  const findings = [
    ...strange.map((answer) => `a submission was answered ${answer}`),
    ...sink.strange.map((target) => `the sink was asked for ${target}`),
    ...findLost(accepted, messages),
    ...[...seen].flatMap(([text, entries]) => findDoubled(text, entries)),
    ...messages.flatMap((message) =>
      contradictions(message, {
        entries: seen.get(message.text) ?? [],
        letters: letters.get(message.text) ?? 0,
        copies: copies.get(message.text) ?? 0,
      }),
    ),
    ...findUnstored(seen, messages),
  ];
  const status = await server.stop();
  if (status !== 0) findings.push(`the last server ended with ${status}`);
  const states = Object.fromEntries(countBy(messages.map(({ state }) => state)));
  return { accepted: accepted.size, stored: messages.length, requests: sink.journal.length, states, findings };
}

/** The queue is looked at rarely: it is to be worked off meanwhile. */
async function ended(server: ServerProcess): Promise<StoredMessage[]> {
  for (;;) {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const waiting = [...metrics.matchAll(/^easms_queue_depth\{.*\} (\d+)$/gm)].map(([, depth]) => Number(depth));
    if (waiting.every((depth) => depth === 0)) return stored(server);
    await pause(200);
  }
}

function findLost(accepted: ReadonlyMap<string, string>, messages: readonly StoredMessage[]): string[] {
  const texts = new Map(messages.map(({ id, text }) => [id, text]));
  return [...accepted].filter(([id, text]) => texts.get(id) !== text).map(([, text]) => `${text}: accepted and lost`);
}

/** A text may come again only after the sink has said completely that it did not take it; where it refused it, not there. */
function findDoubled(text: string, entries: readonly JournalEntry[]): string[] {
  const isDoubled = entries.slice(0, -1).some(({ fate, gateway }, n) => {
    if (fate === 'refused') return entries.slice(n + 1).some((later) => later.gateway === gateway);
    return fate !== 'put-off';
  });
  const story = entries.map(({ gateway, what }) => `${gateway}: ${what}`).join(', then ');
  return isDoubled ? [`${text}: doubled (${story})`] : [];
}

interface Traces {
  entries: readonly JournalEntry[];
  /** Letters to its sender that repeat the text. */
  letters: number;
  /** In Sent Items. */
  copies: number;
}

function contradictions({ text, state }: StoredMessage, { entries, letters, copies }: Traces): string[] {
  const last = entries.at(-1);
  const told = `${text}: ${state}, and the sink ${last?.what ?? 'never saw it'}`;
  const findings: string[] = [];
  if (!isPossible(state, last)) findings.push(told);
  if (letters !== (state === 'sent' ? 0 : 1)) findings.push(`${told}; ${letters} letters`);
  if (copies !== (state === 'sent' ? 1 : 0)) findings.push(`${told}; ${copies} copies in Sent Items`);
  return findings;
}

// Doubt is allowed after anything: the server may have died before it could write down what it heard.
function isPossible(state: string, last: JournalEntry | undefined): boolean {
  if (state === 'sent') return last?.fate === 'taken' && last.what !== 'answers too late';
  if (state === 'failed') return last?.fate === 'refused';
  return state === 'unknown';
}

function findUnstored(seen: ReadonlyMap<string, unknown>, messages: readonly StoredMessage[]): string[] {
  const known = new Set(messages.map(({ text }) => text));
  return [...seen.keys()].filter((text) => !known.has(text)).map((text) => `${text}: left without being stored`);
}

function byText(journal: readonly JournalEntry[]): Map<string, JournalEntry[]> {
  const grouped = new Map<string, JournalEntry[]>();
  for (const entry of journal) {
    const entries = grouped.get(entry.text);
    if (entries) entries.push(entry);
    else grouped.set(entry.text, [entry]);
  }
  return grouped;
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
