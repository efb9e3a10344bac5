// What a request says beside its body: parameters of the plain query, tagged fields of the base64 query, one header.
// MS-ASHTTP 2.2.1.1.1.1.3 Command Parameters; MS-ASHTTP 2.2.1.1.1.2.5 Command-Specific URI Parameters

export interface Parameters {
  /** The attachment that GetAttachment asks for. */
  readonly attachmentName?: string | undefined;
  /** The mail, by folder and item, that SmartReply or SmartForward of 12.1 is about. */
  readonly collectionId?: string | undefined;
  readonly itemId?: string | undefined;
  /** The same mail as Search named it. */
  readonly longId?: string | undefined;
  readonly occurrence?: string | undefined;
  /** A copy of the mail that is sent goes to Sent Items. */
  readonly saveInSent: boolean;
  /** An ItemOperations answer may come in parts. */
  readonly acceptMultiPart: boolean;
}

type Name = 'attachmentName' | 'collectionId' | 'itemId' | 'longId' | 'occurrence';

type Named = Partial<Record<Name, string>>;

/** Most requests have none: all of them share these. */
export const noParameters: Parameters = { saveInSent: false, acceptMultiPart: false };

const plainNames: Readonly<Record<string, Name>> = {
  attachmentname: 'attachmentName',
  collectionid: 'collectionId',
  itemid: 'itemId',
  longid: 'longId',
  occurrence: 'occurrence',
};

/** From the plain query, its names in lower case. MS-ASHTTP 2.2.1.1.1.2.5 Command-Specific URI Parameters */
export function readPlainParameters(query: ReadonlyMap<string, string>): Parameters {
  const named: Named = {};
  for (const [plain, name] of Object.entries(plainNames)) if (query.has(plain)) named[name] = query.get(plain)!;
  return whole({ ...named, saveInSent: isTrue(query.get('saveinsent')), acceptMultiPart: false });
}

// MS-ASHTTP 2.2.1.1.1.1.3 Command Parameters
const tags: Readonly<Record<number, Name>> = {
  0: 'attachmentName',
  1: 'collectionId',
  3: 'itemId',
  4: 'longId',
  6: 'occurrence',
};
const optionsTag = 7;
const Options = { SaveInSent: 0x01, AcceptMultiPart: 0x02 } as const;

export interface Field {
  tag: number;
  value: Buffer;
}

/** From the fields behind the DeviceType of the base64 query; 8, the User, and tags of later versions are not read. */
export function readTaggedParameters(fields: readonly Field[]): Parameters {
  const named: Named = {};
  for (const { tag, value } of fields) {
    const name = tags[tag];
    if (name !== undefined) named[name] = value.toString('utf8');
  }
  const options = fields.find(({ tag }) => tag === optionsTag)?.value[0] ?? 0;
  const saveInSent = (options & Options.SaveInSent) !== 0;
  const acceptMultiPart = (options & Options.AcceptMultiPart) !== 0;
  return whole({ ...named, saveInSent, acceptMultiPart });
}

function whole(parameters: Parameters): Parameters {
  const isEmpty = Object.values(parameters).every((value) => value === false);
  return isEmpty ? noParameters : parameters;
}

/** With what the header MS-ASAcceptMultiPart adds. MS-ASHTTP 2.2.1.1.2.5 MS-ASAcceptMultiPart */
export function withMultiPart(parameters: Parameters, header: string | undefined): Parameters {
  return isTrue(header) ? { ...parameters, acceptMultiPart: true } : parameters;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^\s*t\s*$/i.test(value);
}
