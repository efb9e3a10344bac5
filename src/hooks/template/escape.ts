// Values as the place asks for them in which they stand.

export type Escape = 'url' | 'form' | 'json' | 'xml' | 'none';

export function escapeText(text: string, escape: Escape): string {
  switch (escape) {
    case 'url':
      return percentEncode(text);
    case 'form':
      return percentEncode(text).replaceAll('%20', '+');
    case 'json':
      return JSON.stringify(wellFormed(text)).slice(1, -1);
    case 'xml':
      return escapeXml(text);
    case 'none':
      return text;
  }
}

/** Octets that are no UTF-8; elsewhere than in URLs and forms there is no writing for them. */
export function escapeOctets(octets: Uint8Array, escape: 'url' | 'form'): string {
  const written = Array.from(octets, (octet) => {
    const character = String.fromCharCode(octet);
    return unreserved.test(character) ? character : `%${hexOctet(octet)}`;
  }).join('');
  return escape === 'form' ? written.replaceAll('%20', '+') : written;
}

// RFC 3986 2.3 Unreserved Characters
const unreserved = /^[A-Za-z0-9\-._~]$/;

function percentEncode(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, (mark) => `%${hexOctet(mark.charCodeAt(0))}`);
}

function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

// XML 1.0 has no writing at all for most control characters, and takes white space in attributes for spaces.
function escapeXml(text: string): string {
  return wellFormed(text)
    .replace(/[&<>"']/g, (mark) => named[mark]!)
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`)

    .replace(/[\x00-\x1f\ufffe\uffff]/g, '\ufffd');
}

// Half a surrogate pair has no UTF-8.
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
