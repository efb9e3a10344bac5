// What a request may cost before anybody is behind it; each row names the attack it stops.

export const limits = {
  /** Octets of a body. Stops: megabytes kept for a caller nobody knows. */
  bodyOctets: 256 * 1024,
  /** Octets of request line and headers: a text of 128 parts in a query fits. Stops: endless headers. */
  headerOctets: 64 * 1024,
  /** Headers of one request. Stops: thousands of tiny headers that are each allocated. */
  headers: 100,
  /** Parameters of a query or form. Stops: `a&a&a…` split into a hundred thousand strings. */
  parameters: 200,
  /** Characters of one part of a path. Stops: long texts compared along the route table. */
  pathPartCharacters: 600,
  /** Until the headers are there. Stops: a connection that sends one octet a minute. */
  headersTimeoutMilliseconds: 20_000,
  /** Until the whole request is there, not the answer: a phone's held request is long received. Stops: the same in a body. */
  requestTimeoutMilliseconds: 60_000,
  /** How often both are looked at; Node's own half a minute would double them. */
  timeoutCheckMilliseconds: 5_000,
  /** Idle between two requests. Longer than a proxy in front keeps it, so that the proxy closes first. */
  keepAliveTimeoutMilliseconds: 75_000,
  /** Connections at once. Stops: descriptors that the database and the serial lines then lack. */
  connections: 60_000,
  /** Requests of one `/sms/` thread that wait to be stored. Stops: a queue in memory that grows while the disk stands still. */
  waitingTexts: 8_192,
  /** Lines of one `/sms/` thread on their way to the log; the rest is counted. Stops: the same by requests that are refused. */
  waitingLines: 1_024,
  /** What is still open this long after the server began to stop is cut. Stops: one peer that holds up the end. */
  closingMilliseconds: 3_000,
  /** Items of one page of a list. Stops: one request that reads the whole store. */
  pageItems: 1_000,
  /** Label values of one metric. Stops: a series for every command and status a peer makes up. */
  metricSeries: 500,
} as const;
