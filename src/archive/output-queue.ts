import type { Output } from './output-file.ts';

/**
 * Lets a producer go on while its last bytes are being written: one write is under way at a time, and who brings more waits for it.
 * Nothing is allocated beyond one promise a write.
 */
export class OutputQueue {
  readonly #output: Output;
  #busy: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * @param bytes are the queue's until `written` is called
   * @returns a promise only when the producer has to wait
   * @throws (or rejects with) the error of an earlier write
   */
  push(bytes: Uint8Array, written?: (bytes: Uint8Array) => void): void | Promise<void> {
    this.#check();
    if (this.#busy) return this.#busy.then(() => this.push(bytes, written));
    this.#busy = this.#output.write(bytes).then(
      () => {
        this.#busy = undefined;
        written?.(bytes);
      },
      (error: unknown) => {
        this.#busy = undefined;
        this.#failure = { error };
      },
    );
  }

  /** Waits until everything is written. @throws the error of a write */
  async drain(): Promise<void> {
    while (this.#busy) await this.#busy;
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
