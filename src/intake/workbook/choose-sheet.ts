import { OnboardError } from '../../errors.ts';
import { line } from '../../printable.ts';
import { shown } from '../columns/column-errors.ts';
import { HEADER_LINES } from '../columns/find-header.ts';
import { type CellContext, type SheetRow, SheetRows } from './sheet-rows.ts';
import type { SheetEntry } from './workbook-index.ts';
import type { WorkbookParts } from './workbook-parts.ts';

/** Sheets that a message names, and sheets that are searched for a header. */
const SHOWN_SHEETS = 20;
const SEARCHED_SHEETS = 100;

/** The sheet that was read, with what a person looking at it does not see. */
export interface ReadSheet {
  name: string;
  isHidden: boolean;
  /** Rows with cells. */
  hiddenRows: number;
  /** The other sheets, for a message. */
  others: readonly string[];
}

export type ReadableSheet = SheetEntry & { part: string };

/** Everything that decides about the sheet. */
export interface Choice {
  /** Name in messages. */
  file: string;
  /** Name or number of the sheet; without it, the first visible one with a header. */
  sheet?: string | undefined;
  /** Whether one of these first rows is a header. */
  hasHeader?: ((rows: readonly SheetRow[]) => boolean) | undefined;
}

/** @throws {OnboardError} E_USAGE when the sheet does not exist, or all are hidden and none is named. */
export async function chooseSheet(
  parts: WorkbookParts,
  { sheets, context }: { sheets: readonly SheetEntry[]; context: CellContext },
  choice: Choice,
): Promise<ReadableSheet> {
  if (sheets.length === 0) throw new Error('the workbook has no sheet');
  if (choice.sheet !== undefined) return namedSheet(sheets, choice.file, choice.sheet);
  const visible = sheets.filter(isReadable).filter(({ isHidden }) => !isHidden);
  const [first, ...more] = visible;
  if (first === undefined) throw allHidden(sheets, choice.file);
  if (more.length === 0) return first;
  let withRows: ReadableSheet | undefined;
  for (const sheet of visible.slice(0, SEARCHED_SHEETS)) {
    const rows = await firstRows(parts, sheet, context);
    if (choice.hasHeader?.(rows) === true) return sheet;
    if (rows.length > 0) withRows ??= sheet;
  }
  return withRows ?? first;
}

/** The sheet with this name or, for a number, at this place. */
function namedSheet(sheets: readonly SheetEntry[], file: string, sheet: string): ReadableSheet {
  const place = /^[1-9]\d{0,3}$/.test(sheet) ? Number(sheet) : 0;
  const found = sheets.find(({ name }) => name === sheet) ?? sheets[place - 1];
  if (found !== undefined && isReadable(found)) return found;
  const sentence = line`--sheet ${sheet}: ${file} has no such sheet; it has ${namesOf(sheets)}`;
  throw new OnboardError('E_USAGE', sentence);
}

function allHidden(sheets: readonly SheetEntry[], file: string): OnboardError {
  const text = line`${file}: every sheet is hidden; name one with --sheet: ${namesOf(sheets)}`;
  return new OnboardError('E_USAGE', text);
}

/** A chart has no cells. */
function isReadable(sheet: SheetEntry): sheet is ReadableSheet {
  return sheet.part !== undefined;
}

/** The rows in which a header is looked for; the rest of the sheet is not inflated. */
async function firstRows(
  parts: WorkbookParts,
  { part }: ReadableSheet,
  context: CellContext,
): Promise<SheetRow[]> {
  const reader = new SheetRows(context);
  const rows: SheetRow[] = [];
  for await (const piece of parts.text(part)) {
    rows.push(...reader.push(piece));
    if ((rows.at(-1)?.[0] ?? 0) > HEADER_LINES) break;
  }
  return rows.filter(([row], index) => index === 0 || row <= HEADER_LINES);
}

/** The sheets other than this one. */
export function othersOf(sheets: readonly SheetEntry[], chosen: SheetEntry): string[] {
  const others = sheets.filter((sheet) => sheet !== chosen && sheet.name !== chosen.name);
  const more = others.length > SHOWN_SHEETS ? ['…'] : [];
  return [...others.slice(0, SHOWN_SHEETS).map(shownSheet), ...more];
}

function namesOf(sheets: readonly SheetEntry[]): string {
  return sheets.slice(0, SHOWN_SHEETS).map(shownSheet).join(', ');
}

function shownSheet({ name, isHidden }: SheetEntry): string {
  return `${shown(name)}${isHidden ? ' (hidden)' : ''}`;
}
