// Messages that bearers hold just now.

export class InFlight {
  readonly #counts = new Map<string, number>();
  readonly #carriages = new Set<Promise<void>>();

  /** Of one bearer. */
  count(bearer: string): number {
    return this.#counts.get(bearer) ?? 0;
  }

  /** `carriage` never rejects. */
  track(bearer: string, carriage: Promise<void>): void {
    this.#counts.set(bearer, this.count(bearer) + 1);
    const tracked = carriage.finally(() => {
      this.#carriages.delete(tracked);
      const left = this.count(bearer) - 1;
      if (left > 0) this.#counts.set(bearer, left);
      else this.#counts.delete(bearer);
    });
    this.#carriages.add(tracked);
  }

  /** Resolves when nothing is in flight, or after so long. */
  async idle(atMostMilliseconds?: number): Promise<void> {
    const landed = this.#landed();
    if (atMostMilliseconds === undefined) return landed;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, atMostMilliseconds)));
    await Promise.race([landed, timeout]);
    clearTimeout(timer);
  }

  async #landed(): Promise<void> {
    while (this.#carriages.size > 0) await Promise.all(this.#carriages);
  }
}
