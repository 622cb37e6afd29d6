/** Where an earlier run of the same import stopped: what stands up to there in the script is in the target already. */

import { ExitCode, XpdbError } from '../model/error.ts';
import { comparePlaces, type ScriptPlace } from './step.ts';

export class ResumePlace {
  readonly #place: ScriptPlace | null;
  #passing: boolean;
  #met = false;

  /** @param place null for a run from the beginning */
  constructor(place: ScriptPlace | null) {
    this.#place = place;
    this.#passing = place !== null;
  }

  /** All pieces of the script so far were done by the earlier run. */
  get passing(): boolean {
    return this.#passing;
  }

  /** Whether the piece at this place was done; asked for pieces in the script's order, it notes how far they came. */
  pass(place: ScriptPlace): boolean {
    if (!this.#passing) return false;
    const order = comparePlaces(place, this.#place!);
    if (order === 0) this.#met = true;
    if (order > 0) this.#passing = false;
    return order <= 0;
  }

  /** Whether what ends at this place was done. */
  includes(place: ScriptPlace): boolean {
    return this.#place !== null && comparePlaces(place, this.#place) <= 0;
  }

  /** @throws XpdbError when no piece of the script stood at the place: it is another script */
  checkMet(): void {
    if (this.#place === null || this.#met || this.#place.line === 0) return;
    throw new XpdbError('the script does not have the place where the import stopped: it is not the same script', {
      hint: 'give the same files in the same order, or begin anew in an empty database',
      exitCode: ExitCode.usage,
    });
  }
}
