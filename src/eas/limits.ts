// What a request may cost; each row names the attack it stops. The document's own limits stand in wbxml/limits.ts.

export const limits = {
  /** Octets of a request body, of somebody who has logged in. Stops: mail with more pictures than any relay takes. */
  requestOctets: 20 * 1024 * 1024,
  /** Octets of an inflated body for each octet on the wire. Stops: a gzip bomb, before it is inflated. */
  inflationRatio: 100,
  /** Octets that a body may inflate to whatever its length: short requests of many equal elements pack well. */
  inflatedOctetsAlways: 64 * 1024,
  /** Octets of an answer in parts. Stops: one ItemOperations that fetches every attachment into memory at once. */
  multipartOctets: 64 * 1024 * 1024,
  /** Octets of an answer from which on it is packed: below, the head weighs more than what is saved. */
  packedFromOctets: 1024,
  /** Characters of Accept-Encoding. Stops: a header that is taken apart for milliseconds. */
  acceptEncodingCharacters: 256,
  /** Characters of the query. Stops: a target that is parsed again and again for nothing. */
  queryCharacters: 2048,
  /** Characters of DeviceId and DeviceType. Stops: rows and metrics as long as a phone likes. MS-ASHTTP 2.2.1.1.1.1.2 */
  deviceNameCharacters: 64,
  /** Characters of a field of DeviceInformation. MS-ASCMD 2.2.3.45 DeviceInformation. Stops: rows without end. */
  deviceInformationCharacters: 1024,
  /** Characters of a User-Agent that are kept. Stops: rows as long as a phone likes. */
  userAgentCharacters: 256,
  /** Devices of one user. Stops: a row for every request with another DeviceId. */
  devicesPerUser: 100,
  /** Collections of one Sync, Ping or GetItemEstimate. Stops: a request that reads every folder hundreds of times. */
  collections: 300,
  /** Client commands of one Collection. Stops: one request that holds the database for seconds. */
  clientCommands: 2000,
  /** Items of one answer. MS-ASCMD 2.2.3.199 WindowSize */
  windowSize: 512,
  /** Characters of texts in one answer; more follows with MoreAvailable. Stops: 512 long texts in one answer. */
  answerCharacters: 2 * 1024 * 1024,
  /** Characters of a SyncKey, CollectionId or ClientId. MS-ASCMD 2.2.3.28 ClientId. Stops: long keys in the database. */
  keyCharacters: 64,
  /** Requests held open. Stops: descriptors run out, and with them the database and everybody's answers. */
  heldRequests: 19_000,
  /** Characters of the subject of a draft. Stops: rows without end. */
  subjectCharacters: 4096,
  /** Characters of the name of a file. Stops: as subjectCharacters. */
  fileNameCharacters: 512,
  /** Operations of one ItemOperations. Stops: as clientCommands. */
  itemOperations: 100,
  /** Octets of bodies and attachments in one answer. Stops: a hundred attachments held in memory at once. */
  fetchedOctets: 32 * 1024 * 1024,
  /** Results of one Search or Find. MS-ASCMD 2.2.3.143.3 Range (Search) */
  searchResults: 100,
  /** Characters of what is searched for. Stops: pages of text compared with every item. */
  searchCharacters: 1024,
  /** Words and phrases of it. Stops: a thousand single letters. */
  searchTerms: 32,
  /** Moves of one MoveItems. Stops: as clientCommands. */
  moves: 1000,
  /** Folders of one mailbox. Stops: FolderSync answers and name checks as long as a device likes. */
  folders: 1000,
  /** Characters of a folder's name. MS-ASCMD 2.2.3.49.1 DisplayName (FolderCreate). Stops: rows without end. */
  folderNameCharacters: 256,
  /** Recipients of one ResolveRecipients. Stops: one request that searches the users thousands of times. */
  recipients: 100,
  /** Characters of a recipient. MS-ASCMD 2.2.3.181 To. Stops: patterns that take long to compare. */
  recipientCharacters: 256,
  /** Suggestions for one recipient. Stops: the whole list of users read off by single letters. */
  suggestions: 100,
  /** Certificates of one ValidateCert, those of the chain included. Stops: signatures checked for seconds. */
  certificates: 50,
  /** Characters of a certificate in base64. Stops: megabytes given to the parser. */
  certificateCharacters: 32 * 1024,
  /** Certificates from the one in question up to its root. Stops: chains that never end. */
  chainLength: 10,
  /** Signatures checked for one ValidateCert. Stops: hundreds of issuers of one name, each tried with each. */
  signatureChecks: 64,
  /** Bits of an RSA key. Stops: one signature check that takes as long as a hundred. */
  rsaKeyBits: 8192,
  /** Requests of one MeetingResponse. Stops: answers as long as a device likes. */
  meetingRequests: 100,
  /** Octets of an Autodiscover request. Stops: XML whose tree takes seconds and the memory. */
  autodiscoverOctets: 64 * 1024,
} as const;
