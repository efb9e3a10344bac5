// Messages that bearers hold just now, or will as soon as they are on disk as begun.

export class InFlight {
  readonly #counts = new Map<string, number>();
  readonly #carriages = new Set<Promise<void>>();

  /** Of one bearer. */
  count(bearer: string): number {
    return this.#counts.get(bearer) ?? 0;
  }

  /** A place is kept for a message that is being begun. */
  hold(bearer: string): void {
    this.#counts.set(bearer, this.count(bearer) + 1);
  }

  /** Nobody carries it. */
  letGo(bearer: string): void {
    const left = this.count(bearer) - 1;
    if (left > 0) this.#counts.set(bearer, left);
    else this.#counts.delete(bearer);
  }

  /** `carriage` never rejects; its place is let go when it ends. `isHeld`: the place was kept for it before. */
  track(bearer: string, carriage: Promise<void>, isHeld = false): void {
    if (!isHeld) this.hold(bearer);
    const tracked = carriage.finally(() => {
      this.#carriages.delete(tracked);
      this.letGo(bearer);
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
