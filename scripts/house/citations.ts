// Citations of documents in the sources, and the documents that docs/specs.md pins a revision of.

import type { Complaints, Source } from './sources.js';

export interface Citation {
  readonly document: string;
  readonly section: string | undefined;
  readonly path: string;
  readonly line: number;
  /** What is said to be missing, of a `todo(MS-ASCMD 2.2.3.27.6 …): text`. */
  readonly todo: string | undefined;
}

// Not MS-EAS-Provisioning-WBXML and X-MS-RP, which are names on the wire.
// MS-ASCMD 2.2.3.177.17, TS 23.038 6.2.1, RFC 7617 2, WAP-192-WBXML 5, OMA-TS-DS_Notification 5.1, V.250 5.4
const citation =
  /(?<!X-)\b(MS-[A-Z0-9]+|TS \d{2}\.\d{3}|RFC ?\d{3,5}|WAP-\d+-[A-Z]+|OMA-[A-Za-z0-9_-]+|V\.250)\b(?![-\w])(?: (\d+(?:\.\d+)*[a-z]?)\b)?/g;

export function citationsIn({ path, text }: Source): Citation[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(citation)].map(([, document, section]) => ({
      document: document!.replace(/^RFC ?/, 'RFC '),
      section,
      path,
      line: index + 1,
      todo: /\btodo\((?:[^()]|\([^()]*\))*\): (.*)/.exec(line)?.[1],
    })),
  );
}

/** First column of the tables in docs/specs.md. */
export function pinnedDocuments(specs: string): ReadonlySet<string> {
  const rows = [...specs.matchAll(/^\| ([^|]+?) \|/gm)].map((row) => row[1]!);
  return new Set(rows.filter((cell) => /[0-9A-Z]/.test(cell[0]!) && !/^Document$/.test(cell)));
}

export function checkCitations(citations: readonly Citation[], pinned: ReadonlySet<string>): Complaints {
  return citations
    .filter(({ document }) => !pinned.has(document))
    .map(({ document, path, line }) => `${path}:${line} cites ${document}, which docs/specs.md does not pin`);
}
