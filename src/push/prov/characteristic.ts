// The building blocks of client provisioning documents: characteristics within one another, and parameters in them.
// OMA-WAP-ProvCont Document structure

import { attributed, type Element } from '../../wbxml/element.js';
import { Prov } from '../../wbxml/prov/document.js';

type Block = Element | undefined;

export function provisioningDocument(characteristics: readonly Block[]): Element {
  return attributed(Prov['wap-provisioningdoc'], { version: '1.0' }, characteristics);
}

/** Left out where nothing is in it. */
export function characteristic(type: string, blocks: readonly Block[]): Block {
  const given = blocks.filter((block) => block !== undefined);
  return given.length === 0 ? undefined : attributed(Prov.characteristic, { type }, given);
}

/** Left out where it has no value. */
export function parm(name: string, value: string | undefined): Block {
  return value === undefined ? undefined : attributed(Prov.parm, { name, value });
}

/** One that says something by being there. */
export function mark(name: string, isSet: boolean): Block {
  return isSet ? attributed(Prov.parm, { name }) : undefined;
}

/** Where an application is reached: by the address alone, or with a port. */
export function address(addr: string | undefined, port: string | undefined, service?: string): Block {
  if (port === undefined && service === undefined) return parm('ADDR', addr);
  return characteristic('APPADDR', [
    parm('ADDR', addr),
    characteristic('PORT', [parm('PORTNBR', port), parm('SERVICE', service)]),
  ]);
}

interface Authentication {
  level?: string | undefined;
  type?: string | undefined;
  name?: string | undefined;
  secret?: string | undefined;
  data?: string | undefined;
}

/** Left out where neither name nor secret is given. */
export function authentication({ level, type, name, secret, data }: Authentication): Block {
  if (name === undefined && secret === undefined) return undefined;
  return characteristic('APPAUTH', [
    parm('AAUTHLEVEL', level),
    parm('AAUTHTYPE', type),
    parm('AAUTHNAME', name),
    parm('AAUTHSECRET', secret),
    parm('AAUTHDATA', data),
  ]);
}
