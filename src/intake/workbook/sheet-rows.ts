import { type ByteBudget, tooLong } from './byte-budget.ts';
import { dateText, isoText } from './date-styles.ts';
import type { NoValue } from './no-value.ts';
import { CellText, type SharedTexts } from './shared-texts.ts';
import { isTrue, unescaped } from './workbook-index.ts';
import { type Attributes, XmlReader } from './xml-reader.ts';

/** The last row and column of every spreadsheet, counted from 1. */
const MAX_ROW = 1_048_576;
const MAX_COLUMN = 16_384;
/** Limit of the characters of a row, as of a record of any file. */
const MAX_ROW_LENGTH = 1_048_576;

/**
 * A row with cells: its number in the sheet, then column (from 0) and text of each cell, or why it
 * has none.
 */
export type SheetRow = [line: number, ...cells: (number | string | { noValue: NoValue })[]];

/** Everything outside a sheet that its cells refer to. */
export interface CellContext {
  texts: SharedTexts;
  /** For each style, whether it shows a date. */
  dateStyles: readonly boolean[];
  isFrom1904: boolean;
  /** Pays for the text of the rows: one shared text may be in millions of them. */
  budget: ByteBudget;
}

/** Turns the XML of a sheet into rows, piece by piece, with memory for one row. */
export class SheetRows {
  readonly #context: CellContext;
  readonly #xml: XmlReader;
  readonly #text = new CellText();
  #rows: SheetRow[] = [];
  #row: SheetRow = [0];
  #rowLength = 0;
  /** Column of the last cell from 1, and what its tag says. */
  #column = 0;
  #cell: Attributes | undefined;
  /** Elements inside the cell. */
  #has = { formula: false, value: false };
  #isHidden = false;
  #hiddenRows = 0;

  constructor(context: CellContext) {
    this.#context = context;
    const handlers = {
      open: (name: string, attributes: Attributes) => this.#open(name, attributes),
      text: (text: string) => {
        if (this.#cell !== undefined) this.#text.add(text);
      },
      close: (name: string) => this.#close(name),
    };
    this.#xml = new XmlReader(handlers, context.budget);
  }

  /** Number of hidden rows with cells so far. */
  get hiddenRows(): number {
    return this.#hiddenRows;
  }

  /** The rows with cells that this piece completes. Throws for anything that is no sheet. */
  push(piece: string): SheetRow[] {
    this.#rows = [];
    this.#xml.push(piece);
    return this.#rows;
  }

  /** Throws when the sheet has no end. */
  end(): void {
    this.#xml.end();
  }

  #open(name: string, attributes: Attributes): void {
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (this.#cell !== undefined) {
      if (name === 'f') this.#has.formula = true;
      if (name === 'v') this.#has.value = true;
      this.#text.open(name);
    }
  }

  #close(name: string): void {
    if (name === 'row') this.#closeRow();
    else if (name === 'c') this.#closeCell();
    else this.#text.close(name);
  }

  /** A row without a number is the one after the row before it. */
  #openRow(attributes: Attributes): void {
    const [before] = this.#row;
    const line = Number(attributes.get('r') ?? before + 1);
    const isPlace = Number.isInteger(line) && line > before && line <= MAX_ROW;
    if (!isPlace) throw new Error('a row has no place');
    this.#isHidden = isTrue(attributes.get('hidden'));
    this.#row = [line];
    this.#rowLength = 0;
    this.#column = 0;
  }

  #closeRow(): void {
    if (this.#row.length === 1) return;
    this.#rows.push(this.#row);
    if (this.#isHidden) this.#hiddenRows += 1;
  }

  /** A cell without an address is the one after the cell before it. */
  #openCell(attributes: Attributes): void {
    this.#cell = attributes;
    this.#has = { formula: false, value: false };
    const address = attributes.get('r');
    this.#column = address === undefined ? this.#column + 1 : columnOf(address);
    if (!(this.#column >= 1 && this.#column <= MAX_COLUMN)) throw new Error('a cell has no place');
  }

  #closeCell(): void {
    const stored = this.#text.take();
    const text = this.#valueOf(stored);
    const noValue = this.#noValueOf(stored);
    this.#cell = undefined;
    if (noValue !== undefined) this.#row.push(this.#column - 1, { noValue });
    if (text === '') return;
    this.#context.budget.spend(text.length);
    this.#rowLength += text.length;
    if (this.#rowLength > MAX_ROW_LENGTH) throw tooLong('row', MAX_ROW_LENGTH);
    this.#row.push(this.#column - 1, text);
  }

  /** A formula may give an empty text: `t="str"` with an empty value. */
  #noValueOf(stored: string): NoValue | undefined {
    const kind = this.#cell?.get('t') ?? 'n';
    if (kind === 'e' && stored !== '') return 'error';
    const isText = kind === 'str' && this.#has.value;
    return this.#has.formula && stored === '' && !isText ? 'formula' : undefined;
  }

  /** The text of a cell; an error such as `#N/A` is none. */
  #valueOf(value: string): string {
    const kind = this.#cell?.get('t') ?? 'n';
    if (kind === 'e' || value === '') return '';
    switch (kind) {
      case 'n':
        return this.#numberOf(value);
      case 's':
        return this.#context.texts.get(Number(value)) ?? refuse('a text that does not exist');
      case 'str':
      case 'inlineStr':
        return unescaped(value);
      case 'b':
        return isTrue(value) ? 'true' : 'false';
      case 'd':
        return isoText(new Date(value));
      default:
        return refuse('an unknown kind');
    }
  }

  /** Numbers stay text as in the file: a phone number is no sum. */
  #numberOf(value: string): string {
    const { dateStyles, isFrom1904 } = this.#context;
    const isDate = dateStyles[Number(this.#cell?.get('s') ?? -1)] === true;
    return isDate ? dateText(Number(value), isFrom1904) : value;
  }
}

/** The column of an address such as `AB12`, from 1; NaN for anything else. */
function columnOf(address: string): number {
  const [, letters = ''] = /^\$?([A-Z]{1,3})\$?\d*$/i.exec(address) ?? [];
  if (letters === '') return Number.NaN;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function refuse(what: string): never {
  throw new Error(`a cell has ${what}`);
}
