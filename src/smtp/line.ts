// One connection as the library serves it, with what is ours: the greeting at once, enhanced status codes of our own, and
// the whole of RFC 5321's quoted local part.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';

// RFC 3463 2 Status Code Structure
const hasEnhancedCode = /^[245]\.\d{1,3}\.\d{1,3} /;

// RFC 5321 4.1.2 Quoted-string: a space, an @ or a bracket may stand in it, and people write numbers with spaces.
const quotedPath = /^(\s*RCPT\s+TO\s*:\s*)<("(?:[^"\\]|\\.)*"@[^\s<>"]+)>(.*)$/i;
const placeholder = 'quoted@example.invalid';
const control = /[\u0000-\u001f\u007f-\u009f]/;

export class Line extends SMTPConnection {
  // The library waits a tenth of a second for peers that speak too early: what a bulk mailer is caught by, at a server
  // that everybody may write to.
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const isOurs = typeof data === 'string' && hasEnhancedCode.test(data);
    super.send(code, data, isOurs ? false : context);
  }

  override _parseAddressCommand(
    name: string,
    command: Buffer | string,
  ): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const quoted = quotedPath.exec(command.toString());
    if (!quoted) return super._parseAddressCommand(name, command);
    const [, verb = '', address = '', rest = ''] = quoted;
    const parsed = control.test(address) ? false : super._parseAddressCommand(name, `${verb}<${placeholder}>${rest}`);
    return parsed && { ...parsed, address };
  }
}

export class Listener extends SMTPServer {
  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const line = new Line(this, socket, options);
    this.connections.add(line);
    line.on('error', (error: Error) => void this.emit('error', error));
    line.init();
  }
}
