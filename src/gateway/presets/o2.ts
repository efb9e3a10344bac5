// O2's SMS Connector, which knows its customers by their certificates: the gateway needs `clientCertificate`. It is asked for
// answers and reports and calls nobody.
// IceWarp SMS Service: HTTP Gateway with Client Certificates

import type { Preset } from './preset.js';
import { inQuery } from './template-literals.js';

export const o2: Preset = {
  id: 'o2',
  title: 'O2 SMS Connector (client certificate)',
  parameters: [{ name: 'baId', title: 'baID of the contract' }],
  request: ({ baId }) => ({
    url:
      `https://smsconnector.cz.o2.com/smsconnector/getpost/GP?action=send&baID=${inQuery(baId)}` +
      '&toNumber=%number%&text=%data%',
    method: 'GET',
  }),
};
