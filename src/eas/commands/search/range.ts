// Which of the results a device wants, counted from 0.
// MS-ASCMD 2.2.3.143.3 Range (Search), MS-ASCMD 2.2.3.143.1 Range (Find)

import type { ResultPage } from '../../../store/search.js';
import { limits } from '../../limits.js';

/** `undefined` where it is malformed; without a Range the first ones are wanted. */
export function readRange(value: string | undefined): ResultPage | undefined {
  if (value === undefined) return { offset: 0, limit: limits.searchResults };
  const match = /^(\d{1,3})-(\d{1,3})$/.exec(value);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  return match && first <= last ? { offset: first, limit: last - first + 1 } : undefined;
}

/** What an answer gives of it; nothing where it gives nothing. */
export function writtenRange({ offset }: ResultPage, given: number): string | undefined {
  return given === 0 ? undefined : `${offset}-${offset + given - 1}`;
}
