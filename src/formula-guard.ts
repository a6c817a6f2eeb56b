/**
 * Places where a spreadsheet would begin a formula: at the start of a cell, and after each character
 * that separates cells or rows somewhere, because the reader of a CSV file chooses the separator.
 */
const BEFORE = '(?<=^|[;\\t|\\r\\n])';
/** A formula, also in full width, and everything before it that a spreadsheet may drop. */
const FORMULA = `(?=["' ]*[=+\\-@\uff1d\uff0b\uff0d\uff20])`;

const unguarded = new RegExp(BEFORE + FORMULA, 'g');
const guarded = new RegExp(`${BEFORE}'${FORMULA}`, 'g');

/** A cell for CSV, with an apostrophe before everything that a spreadsheet would run. */
export function withGuard(cell: string): string {
  return cell.replace(unguarded, "'");
}

/**
 * The cell that withGuard was given; other programs write such apostrophes too. `'t Hooft` keeps
 * its own.
 */
export function withoutGuard(cell: string): string {
  return cell.includes("'") ? cell.replace(guarded, '') : cell;
}
