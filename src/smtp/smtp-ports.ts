// All ports for mail of one server.

import { Intake } from './mail-data.js';
import type { SmtpServices } from './services.js';
import { SmtpPort, type SmtpPortOptions } from './smtp-port.js';

export class SmtpPorts {
  readonly #intake = new Intake();
  readonly #open = new Map<SmtpPortOptions['kind'], SmtpPort>();

  /** In use. */
  certificate: SmtpPortOptions['tls'];

  /** Rejects with SmtpPortError. */
  async open(services: SmtpServices, options: SmtpPortOptions): Promise<void> {
    this.certificate ??= options.tls;
    this.#open.set(options.kind, await SmtpPort.open(services, options, this.#intake));
  }

  get addresses(): { [kind in SmtpPortOptions['kind']]?: string } {
    return Object.fromEntries([...this.#open].map(([kind, port]) => [kind, port.address]));
  }

  /** For connections that come from now on, at each port that has one. Throws where it is none. */
  renewCertificate(tls: NonNullable<SmtpPortOptions['tls']>): void {
    for (const port of this.#open.values()) port.renewCertificate(tls);
    this.certificate = tls;
  }

  /** Takes no new mail, and answers what is on its way. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((port) => port.close()));
  }
}
