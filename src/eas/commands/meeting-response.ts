// MeetingResponse: an answer to an invitation. This server keeps no calendar, so no item is an invitation.
// MS-ASCMD 2.2.1.11 MeetingResponse

import { MeetingResponse } from '../../wbxml/airsync/meeting-response.js';
import { children, type Element, element, text } from '../../wbxml/element.js';
import type { Exchange } from '../exchange.js';
import { limits } from '../limits.js';
import { MeetingResponseStatus } from '../statuses.js';

export async function meetingResponse({ body }: Exchange): Promise<Element> {
  const requests = body ? children(body, MeetingResponse.Request) : [];
  // A Status alone below the root is not part of the schema: what is refused as a whole is one Result of nothing.
  const isMalformed = requests.length === 0 || requests.length > limits.meetingRequests;
  return element(MeetingResponse.MeetingResponse, isMalformed ? [refuse(undefined)] : requests.map(refuse));
}

function refuse(request: Element | undefined): Element {
  const id = request && text(request, MeetingResponse.RequestId);
  return element(MeetingResponse.Result, [
    id === undefined || id === '' || id.length > limits.keyCharacters
      ? undefined
      : element(MeetingResponse.RequestId, id),
    element(MeetingResponse.Status, String(MeetingResponseStatus.InvalidRequest)),
  ]);
}
