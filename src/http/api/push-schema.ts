// The shapes of `/push`.

import { type Static, Type } from 'typebox';
import { pushProtocols } from '../../store/states.js';
import { instant, line, orNull, strictObject } from './api.js';

const optional = <T extends Parameters<typeof orNull>[0]>(schema: T) => Type.Optional(orNull(schema));

const uri = Type.String({ minLength: 1, maxLength: 255, description: 'the database of the phone, such as ./Contacts' });
const contentType = Type.Integer({ minimum: 0, maximum: 0xff_ffff, description: 'a number of WSP; 0: not told' });
const syncType = Type.Integer({ minimum: 206, maximum: 210 });
const mailboxFolder = line();

const folderBody = strictObject({
  uri,
  contentType: optional(contentType),
  syncType: optional(syncType),
  mailboxFolder: optional({
    ...mailboxFolder,
    description: 'inbox, sent, …, an id or a path: its changes wake the phone',
  }),
});
const folderResource = Type.Object({ uri, contentType, syncType, mailboxFolder: orNull(mailboxFolder) });

const uiMode = Type.Enum(['unspecified', 'background', 'informative', 'interactive']);
const initiator = Type.Enum(['user', 'server']);
const port = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description });

// What one phone wants otherwise than most.
const options = {
  dcs: optional(Type.Integer({ minimum: 0, maximum: 255, description: 'TP-DCS; 4 where it is not given' })),
  sourcePort: optional(port('UDH; by the kind of message where it is not given')),
  destinationPort: optional(port('UDH; by the kind of message where it is not given')),
  applicationId: optional(
    Type.Boolean({ description: 'X-Wap-Application-Id; told with notifications where it is not given' }),
  ),
  target: optional({ ...line(255), description: 'syncml-1.1: the phone, IMEI:… where it is not given' }),
  publicId: optional(Type.Enum(['number', 'text'], { description: 'syncml-1.1: how the document names its type' })),
  uiMode: optional(uiMode),
  initiator: optional(initiator),
  quietMinutes: optional(Type.Number({ minimum: 0, maximum: 527_040, description: 'in place of the setting' })),
};

const imei = Type.String({ pattern: '^[0-9]{14,16}$' });
const imsi = Type.String({ pattern: '^[0-9]{5,15}$' });

const known = {
  imei: optional(imei),
  imsi: optional(imsi),
  client: optional({ ...line(100), description: 'the program on the phone' }),
  serverId: optional({ ...line(255), description: 'how the phone knows the server; its address in syncml-1.1' }),
  nonce: optional({ ...line(255), description: 'the octets of the text, not decoded' }),
  gateway: optional({ ...line(64), description: 'the one that carries what is sent to it' }),
  user: optional({ ...line(), description: 'whose mailbox it watches' }),
};

export const pushDeviceBody = strictObject({
  number: Type.Optional(line(100)),
  active: optional(Type.Boolean()),
  protocol: optional(Type.Enum([...pushProtocols])),
  password: optional({ ...line(255), description: 'of the digest; written, never read back' }),
  folders: optional(Type.Array(folderBody, { maxItems: 15 })),
  ...known,
  ...options,
});
export type PushDeviceBody = Static<typeof pushDeviceBody>;

const forReaders = '(not shown) to a token that may only read';

export const pushDeviceResource = Type.Object({
  name: Type.String(),
  number: Type.String(),
  active: Type.Boolean(),
  protocol: Type.Enum([...pushProtocols]),
  hasPassword: Type.Boolean(),
  folders: Type.Array(folderResource),
  ...known,
  imsi: optional(Type.String({ description: forReaders })),
  nonce: optional(Type.String({ description: forReaders })),
  ...options,
  notifiedAt: orNull(instant),
  lastMessage: orNull(Type.String({ description: 'the id of the last notification' })),
});
export type PushDeviceResource = Static<typeof pushDeviceResource>;

export const notifyBody = strictObject({
  device: Type.String(),
  folders: Type.Optional(Type.Array(line(255), { minItems: 1, maxItems: 15, description: 'all where none is named' })),
  uiMode: Type.Optional(uiMode),
  initiator: Type.Optional(initiator),
  sessionId: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
});

export const accepted = Type.Object({ ids: Type.Array(Type.String()) });

export const configureBody = strictObject({
  device: Type.Optional(Type.String()),
  number: Type.Optional(line(100)),
  format: Type.Enum(['oma', 'ota', 'si']),
  profile: Type.Optional(line(64)),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  document: Type.Optional(Type.String({ description: 'the XML itself, in place of a profile' })),
  security: Type.Optional(Type.Enum(['none', 'userpin', 'netwpin', 'usernetwpin', 'userpinmac'])),
  pin: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}$' })),
  imsi: Type.Optional(imsi),
  gateway: Type.Optional(line(64)),
  dryRun: Type.Optional(Type.Boolean({ description: 'it is made and shown, and not sent' })),
});

const hex = Type.String({ description: 'hexadecimal digits' });

export const configured = Type.Object({
  ids: Type.Array(Type.String()),
  document: Type.Optional(Type.String({ description: 'dryRun: as XML, secrets included' })),
  typedPin: Type.Optional(Type.String({ description: 'userpinmac: what the owner types, to be told by another way' })),
  message: Type.Optional(Type.Object({ udh: hex, data: hex, dcs: Type.Integer() }, { description: 'dryRun' })),
});

export const profileList = Type.Object({
  items: Type.Array(Type.Unknown({ description: 'a profile with its parameters' })),
});
