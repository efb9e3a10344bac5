// TP-ST: what became of a message that a status report is about.
// TS 23.040 9.2.3.15 TP-Status (TP-ST)

/**
 * `done`: no more will come of it, the other side has it or the centre replaced it. `trying`: failed for now, the centre goes on.
 * `permanent`: failed, and so would another try. `gave-up`: failed for now, and the centre does not try again.
 */
export type StatusMeaning = 'done' | 'trying' | 'permanent' | 'gave-up';

const statuses: Readonly<Record<number, string>> = {
  // Short message transaction completed
  0x00: 'received by the other side',
  0x01: 'forwarded by the service centre, which cannot confirm delivery',
  0x02: 'replaced by the service centre',
  // Temporary error, service centre still trying
  0x20: 'congestion',
  0x21: 'the other side is busy',
  0x22: 'no response from the other side',
  0x23: 'service rejected',
  0x24: 'quality of service not available',
  0x25: 'error in the other side',
  // Permanent error, service centre does not try any more
  0x40: 'remote procedure error',
  0x41: 'incompatible destination',
  0x42: 'connection rejected by the other side',
  0x43: 'not obtainable',
  0x44: 'quality of service not available',
  0x45: 'no interworking available',
  0x46: 'the validity period expired',
  0x47: 'deleted by the one who sent it',
  0x48: 'deleted by the administration of the service centre',
  0x49: 'the message does not exist',
  // Temporary error, service centre does not try any more
  0x60: 'congestion',
  0x61: 'the other side is busy',
  0x62: 'no response from the other side',
  0x63: 'service rejected',
  0x64: 'quality of service not available',
  0x65: 'error in the other side',
};

const groups: readonly StatusMeaning[] = ['done', 'trying', 'permanent', 'gave-up'];

/** What is reserved in a group means what the group does; reserved groups (from 0x80) count as a service rejected for good. */
export function statusMeaning(status: number): StatusMeaning {
  return groups[status >> 5] ?? 'gave-up';
}

/** In words, for people. */
export function statusText(status: number): string {
  return statuses[status] ?? (isOfTheCentre(status) ? 'a status of the service centre itself' : 'a reserved status');
}

/** The upper half of each group. */
function isOfTheCentre(status: number): boolean {
  return status < 0x80 && (status & 0x1f) >= 0x10;
}
