// From whatever was thrown to the row of the table that answers it, and to what the log may hold of it.

import { decidingLevels } from '../accounts/deciding-levels.js';
import { AccountError } from '../accounts/errors.js';
import { OptionError } from '../gateway/errors.js';
import { MessageError } from '../message/errors.js';
import { RuleError } from '../rules/errors.js';
import { type ErrorAnswer, errorAnswers } from './error-answers.js';
import type { HttpErrorCode } from './errors.js';

export interface AnsweredError {
  answer: ErrorAnswer;
  field: string | undefined;
  /** What is wrong with the field, where more can be said than the sentence does. For the peer alone. */
  detail: string | undefined;
  /** The level that refused to let somebody send. */
  step?: string | undefined;
  /** Not foreseen: the log gets where it happened. */
  isFault: boolean;
}

// What fastify itself objects to. Whatever else it has is a malformed request, told by its status.
const frameworkErrors: Record<string, HttpErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNREADABLE_BODY',
  FST_ERR_CTP_INVALID_JSON_BODY: 'UNREADABLE_BODY',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'UNREADABLE_BODY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'UNREADABLE_BODY',
  FST_ERR_BAD_URL: 'BAD_PARAMETER',
  FST_ERR_MAX_PARAM_LENGTH: 'BAD_PARAMETER',
  FST_ERR_VALIDATION: 'BAD_FIELD',
};

export function errorOf(thrown: unknown): AnsweredError {
  const { code, statusCode, ...said } = read(thrown);
  if (thrown instanceof AccountError) return accountError(thrown);
  const known = typeof code === 'string' ? rowOf(code) : undefined;
  if (thrown instanceof MessageError && thrown.detail !== undefined && thrown.code !== 'RULES_UNAVAILABLE')
    return messageError(thrown, thrown.detail);
  if (known) return { answer: known, field: textOf(said.field), detail: textOf(said.detail), isFault: false };
  const isRefused = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  const answer = errorAnswers[isRefused ? 'UNREADABLE_BODY' : 'INTERNAL'];
  return { answer, field: undefined, detail: undefined, isFault: !isRefused };
}

/** Which level refused, and when it may be tried again, only the error itself knows. */
function accountError({ code, field, level, retryAfterSeconds }: AccountError): AnsweredError {
  const row = errorAnswers[code];
  const answer = {
    ...row,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(level && { sentence: `${row.sentence} Refused by ${decidingLevels[level]}.` }),
  };
  return { answer, field, detail: undefined, step: level, isFault: false };
}

/** What a rule says to the sender, or the gateway that it named. */
function messageError({ code, field }: MessageError, said: string): AnsweredError {
  const row = errorAnswers[code];
  const words = said.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, wordsOfDetail);
  const end = /[.!?]$/.test(words) ? '' : '.';
  const answer = { ...row, sentence: `${row.sentence.replace(/\.$/, '')}: ${words}${end}` };
  return { answer, field, detail: undefined, isFault: false };
}

const wordsOfDetail = 500;

interface Thrown {
  code?: unknown;
  field?: unknown;
  detail?: unknown;
  statusCode?: unknown;
}

function read(thrown: unknown): Thrown {
  const { code, field, detail, statusCode } = (thrown ?? {}) as Thrown;
  // A database quotes the values it was given.
  if (thrown instanceof RuleError) return { code, detail: thrown.message, statusCode };
  return { code, field, statusCode, ...(thrown instanceof OptionError && { detail }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function rowOf(code: string): ErrorAnswer | undefined {
  if (Object.hasOwn(errorAnswers, code)) return errorAnswers[code as keyof typeof errorAnswers];
  // A statement that the database could not run: full disk, read-only or locked file.
  if (code.startsWith('SQLITE_')) return errorAnswers.STORAGE_UNAVAILABLE;
  const ours = frameworkErrors[code];
  return ours && errorAnswers[ours];
}

/** Names, codes and places of an error and its causes. No messages: a database quotes the values it was given. */
export function traceOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const { code } = thrown as { code?: unknown };
  const frames = thrown.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { name: thrown.name, code, frames, ...(thrown.cause !== undefined && { cause: traceOf(thrown.cause) }) };
}
