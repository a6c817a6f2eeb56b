import { grouped } from '../../count.ts';

const MEBIBYTE = 1_048_576;
/** Tags of a workbook, each about 1 µs: a million rows of eight cells. */
const MAX_TAGS = 40_000_000;

/** A workbook that needs more bytes than its budget has; the message is part of the sentence. */
export class OverBudgetError extends Error {}

/** The error of a cell or a row with more characters than are read. */
export function tooLong(what: string, most: number): OverBudgetError {
  return new OverBudgetError(`has a ${what} of more than ${grouped(most)} characters`);
}

/** Bytes that reading one workbook may take, of its contents or for its texts. */
export class ByteBudget {
  readonly #whole: string;
  #left: number;
  #tags = 0;

  constructor(bytes: number, what: string) {
    this.#whole = `${Math.floor(bytes / MEBIBYTE)} MiB of ${what}`;
    this.#left = bytes;
  }

  /** @throws {OverBudgetError} when fewer bytes are left. */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new OverBudgetError(`has more than ${this.#whole}`);
  }

  /** Counts a tag, which costs more time than its few bytes. @throws {OverBudgetError} */
  countTag(): void {
    this.#tags += 1;
    if (this.#tags > MAX_TAGS)
      throw new OverBudgetError(`has more than ${MAX_TAGS / 1_000_000} million tags`);
  }
}
