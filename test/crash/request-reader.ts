// Cuts what comes on a connection into requests, without help from the HTTP that is being tested.

export interface SeenRequest {
  target: string;
  /** None where no gateway was set to ask for this. */
  gateway: 'get' | 'post' | undefined;
  text: string | undefined;
}

export class RequestReader {
  #rest = '';

  /** The requests that are whole now. */
  read(chunk: Uint8Array): SeenRequest[] {
    this.#rest += Buffer.from(chunk).toString('latin1');
    const requests: SeenRequest[] = [];
    for (;;) {
      const headEnd = this.#rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return requests;
      const head = this.#rest.slice(0, headEnd);
      const end = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (this.#rest.length < end) return requests;
      requests.push(seen(head, this.#rest.slice(headEnd + 4, end)));
      this.#rest = this.#rest.slice(end);
    }
  }
}

function seen(head: string, body: string): SeenRequest {
  const [method, target = ''] = head.split(' ');
  if (method === 'GET' && target.startsWith('/get?')) return { target, gateway: 'get', text: fromQuery(target) };
  if (method === 'POST' && target === '/post') return { target, gateway: 'post', text: fromJson(body) };
  return { target: `${method} ${target}`, gateway: undefined, text: undefined };
}

function fromQuery(target: string): string | undefined {
  return new URLSearchParams(target.slice(target.indexOf('?'))).get('text') ?? undefined;
}

function fromJson(body: string): string | undefined {
  return (JSON.parse(body) as { text?: string }).text;
}
