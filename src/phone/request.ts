// How the commands of a phone ask: a document goes out, and the answer has to be the same command's.

import type { Element, Tag } from '../wbxml/element.js';
import type { Connection, Load, PostOptions } from './connection.js';
import { PhoneError } from './errors.js';
import type { CommandName } from './query.js';

/** What every command needs to speak. */
export interface Line {
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** Without document and mail the body is empty: the server remembers the last one. */
export interface Request extends Load {
  readonly command: CommandName;
  readonly root: Tag;
  readonly timeoutMs?: number;
}

/** The answer's root, `undefined` where the body is empty. @throws PhoneError */
export async function request(
  line: Line,
  { command, root, timeoutMs, ...load }: Request,
): Promise<Element | undefined> {
  const options: PostOptions = { signal: line.signal, ...(timeoutMs !== undefined && { timeoutMs }) };
  const answer = await line.connection.post(command, load, options);
  if (answer !== undefined && answer.tag !== root) throw new PhoneError('BAD_ANSWER', { command });
  return answer;
}

/** The same where an empty body is no answer. */
export async function requestDocument(line: Line, what: Request): Promise<Element> {
  const answer = await request(line, what);
  if (answer === undefined) throw new PhoneError('BAD_ANSWER', { command: what.command });
  return answer;
}
