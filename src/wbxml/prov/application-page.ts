// Attribute code page 1 of client provisioning: applications. What stands on page 0 too is written from there.
// OMA-WAP-ProvCont Attribute Start Tokens, Attribute Value Tokens

import type { AttributePage } from '../attribute-space.js';

// prettier-ignore
export const ApplicationPage: AttributePage = {
  page: 1,
  starts: {
    name: 0x05,
    value: 0x06,
    'name=NAME': 0x07,
    'name=INTERNET': 0x14,
    'name=STARTPAGE': 0x1c,
    'name=TO-NAPID': 0x22,
    'name=PORTNBR': 0x23,
    'name=SERVICE': 0x24,
    'name=AACCEPT': 0x2e,
    'name=AAUTHDATA': 0x2f,
    'name=AAUTHLEVEL': 0x30,
    'name=AAUTHNAME': 0x31,
    'name=AAUTHSECRET': 0x32,
    'name=AAUTHTYPE': 0x33,
    'name=ADDR': 0x34,
    'name=ADDRTYPE': 0x35,
    'name=APPID': 0x36,
    'name=APROTOCOL': 0x37,
    'name=PROVIDER-ID': 0x38,
    'name=TO-PROXY': 0x39,
    'name=URI': 0x3a,
    'name=RULE': 0x3b,
    type: 0x50,
    'type=PORT': 0x53,
    'type=APPLICATION': 0x55,
    'type=APPADDR': 0x56,
    'type=APPAUTH': 0x57,
    'type=CLIENTIDENTITY': 0x58,
    'type=RESOURCE': 0x59,
  },
  values: {
    IPV6: 0x86,
    E164: 0x87,
    ALPHA: 0x88,
    APPSRV: 0x8d,
    OBEX: 0x8e,
    '*,*': 0x90,
    '*HTTP-*': 0x91,
    '*BASIC*': 0x92,
    '*DIGEST*': 0x93,
  },
};
