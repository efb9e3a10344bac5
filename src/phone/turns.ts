// One after the other: two Syncs at the same time would spend the same sync key.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the task when every earlier one has ended, well or badly. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
