// What a number behind +CMS ERROR means for the message: whether it is worth another try, here or elsewhere.
//
//    permanent    this message will be refused again
//    temporary    the same message may go a little later
//    modem        nothing is wrong with the message: this modem or its SIM cannot send
//    unknown      it may have been sent
//    ignored      not about the message

export type CmsClass = 'permanent' | 'temporary' | 'modem' | 'unknown' | 'ignored';

type Row = readonly [name: string, cmsClass: CmsClass];

// TS 24.011 E.2 RP-Cause
const network: Readonly<Record<number, Row>> = {
  1: ['unassigned number', 'permanent'],
  8: ['operator determined barring', 'permanent'],
  10: ['call barred', 'permanent'],
  21: ['short message transfer rejected', 'temporary'], // often: no credit left
  27: ['destination out of service', 'temporary'],
  28: ['unidentified subscriber', 'permanent'],
  29: ['facility rejected', 'permanent'],
  30: ['unknown subscriber', 'permanent'],
  38: ['network out of order', 'temporary'],
  41: ['temporary failure', 'temporary'],
  42: ['congestion', 'temporary'],
  47: ['resources unavailable', 'temporary'],
  50: ['facility not subscribed', 'permanent'],
  69: ['facility not implemented', 'permanent'],
  81: ['invalid transfer reference', 'temporary'],
  95: ['semantically incorrect message', 'permanent'],
  96: ['invalid mandatory information', 'permanent'],
  97: ['message type not implemented', 'permanent'],
  98: ['message not compatible with the state', 'permanent'],
  99: ['information element not implemented', 'permanent'],
  111: ['protocol error', 'permanent'],
  127: ['interworking', 'temporary'],
};

// TS 23.040 9.2.3.22 TP-Failure-Cause (TP-FCS)
const serviceCentre: Readonly<Record<number, Row>> = {
  128: ['telematic interworking not supported', 'permanent'],
  129: ['short message type 0 not supported', 'permanent'],
  130: ['cannot replace short message', 'permanent'],
  143: ['unspecified TP-PID error', 'permanent'],
  144: ['alphabet not supported', 'permanent'],
  145: ['message class not supported', 'permanent'],
  159: ['unspecified TP-DCS error', 'permanent'],
  160: ['command cannot be actioned', 'permanent'],
  161: ['command unsupported', 'permanent'],
  175: ['unspecified TP-Command error', 'permanent'],
  176: ['TPDU not supported', 'permanent'],
  192: ['service centre busy', 'temporary'],
  193: ['no service centre subscription', 'modem'],
  194: ['service centre failure', 'temporary'],
  195: ['invalid address', 'permanent'],
  196: ['destination barred', 'permanent'],
  197: ['duplicate rejected', 'unknown'],
  198: ['validity period format not supported', 'permanent'],
  199: ['validity period not supported', 'permanent'],
  208: ['SIM storage full', 'modem'],
  209: ['no storage on the SIM', 'modem'],
  210: ['error in the modem', 'modem'],
  211: ['memory capacity exceeded', 'modem'],
  212: ['SIM toolkit busy', 'temporary'],
  213: ['SIM data download error', 'temporary'],
  255: ['unspecified error', 'temporary'],
};

// TS 27.005 3.2.5 Message Service Failure Result Code +CMS ERROR
const equipment: Readonly<Record<number, Row>> = {
  300: ['modem failure', 'modem'],
  301: ['SMS service reserved', 'temporary'],
  302: ['operation not allowed', 'modem'],
  303: ['operation not supported', 'modem'],
  304: ['invalid PDU mode parameter', 'permanent'],
  305: ['invalid text mode parameter', 'permanent'],
  310: ['SIM not inserted', 'modem'],
  311: ['SIM PIN required', 'modem'],
  312: ['PH-SIM PIN required', 'modem'],
  313: ['SIM failure', 'modem'],
  314: ['SIM busy', 'temporary'],
  315: ['SIM wrong', 'modem'],
  316: ['SIM PUK required', 'modem'],
  317: ['SIM PIN2 required', 'modem'],
  318: ['SIM PUK2 required', 'modem'],
  320: ['memory failure', 'modem'],
  321: ['invalid memory index', 'ignored'],
  322: ['memory full', 'modem'],
  330: ['service centre address unknown', 'modem'],
  331: ['no network service', 'temporary'],
  332: ['network timeout', 'unknown'],
  340: ['no acknowledgement expected', 'ignored'],
  500: ['unknown error', 'temporary'],
};

/** The validity period is what was refused, not the message. TS 23.040 9.2.3.22 */
export const validityRefused: readonly number[] = [198, 199];
/** The SIM is at work: seconds later it is not. */
export const simBusy = 314;

/** 512 and more are the maker's own, and mostly a weak signal. */
export function cmsErrorOf(number: number): { name: string; cmsClass: CmsClass } {
  const row = network[number] ?? serviceCentre[number] ?? equipment[number];
  return row ? { name: row[0], cmsClass: row[1] } : { name: 'an error of the maker', cmsClass: 'temporary' };
}
