// What the answer of a provider means for the text.
// RFC 9110 15 Status Codes

import type { HttpReply } from '../../../hooks/http-call.js';
import type { ProviderAnswer, SubmitErrorCode } from '../../errors.js';
import { limits } from './limits.js';
import type { Pattern } from './pattern.js';

export type Verdict = { outcome: 'sent'; reference: string | undefined } | Failure;

export interface Failure extends ProviderAnswer {
  code: SubmitErrorCode;
  cause?: unknown;
}

interface Patterns {
  success: Pattern | undefined;
  id: Pattern | undefined;
}

export function judge(reply: HttpReply, patterns: Patterns): Verdict {
  const { status, isWhole, retryAfterSeconds } = reply;
  if (status === 429) return { code: 'HTTP_TRY_LATER', status, retryAfterSeconds };
  if (status >= 500) return { code: isWhole ? 'HTTP_TRY_LATER' : 'HTTP_NO_ANSWER', status, retryAfterSeconds };
  if (status >= 400) return { code: 'HTTP_REFUSED', status };
  if (status >= 300) return { code: 'HTTP_REDIRECTED', status };
  return judgeTaken(reply, patterns);
}

function judgeTaken({ status, body }: HttpReply, { success, id }: Patterns): Verdict {
  if (!success && !id) return { outcome: 'sent', reference: undefined };
  // No character has more than four octets.
  const answer = new TextDecoder()
    .decode(body.subarray(0, limits.answerCharacters * 4))
    .slice(0, limits.answerCharacters);
  if (success && !success.isIn(answer)) return { code: 'HTTP_UNCONFIRMED', status };
  const reference = id?.findGroup(answer);
  const isKept = reference !== undefined && reference.length <= limits.referenceCharacters;
  return { outcome: 'sent', reference: isKept ? reference : undefined };
}
