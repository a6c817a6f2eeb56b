import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OnboardError } from '../../errors.ts';
import { fileError } from '../file-error.ts';
import { writeAll } from '../spool.ts';
import { ByteBudget, OverBudgetError } from './byte-budget.ts';
import { type Choice, chooseSheet, othersOf, type ReadSheet } from './choose-sheet.ts';
import { readDateStyles } from './date-styles.ts';
import { readSharedTexts } from './shared-texts.ts';
import { type CellContext, SheetRows } from './sheet-rows.ts';
import { readIndex, type WorkbookIndex } from './workbook-index.ts';
import { WorkbookParts } from './workbook-parts.ts';

const MEBIBYTE = 1_048_576;
/** Inflated bytes of the parts that are read, and text of the rows: a million rows of five cells. */
const BUDGET_BYTES = 512 * MEBIBYTE;
/** Memory for the shared texts: three million of 35 characters. */
const TEXT_BYTES = 128 * MEBIBYTE;
/** First bytes of the format before XLSX, and of XLSX with a password (CFB, MS-CFB 2.2). */
const COMPOUND_FILE = 'd0cf11e0';

/** A sheet of a workbook, and the file for its lines. */
interface Conversion extends Choice {
  source: string;
  /** An empty file. */
  target: FileHandle;
  signal?: AbortSignal | undefined;
  /** Bytes that reading may take. */
  budgetBytes?: number;
}

/**
 * Writes a sheet of an XLSX workbook as lines to an empty file, for SheetReader. Only the parts that the
 * sheet needs are inflated, piece by piece: memory is that of the shared texts and one row.
 * @throws {OnboardError} E_FILE_FORMAT for an old or encrypted workbook, E_USAGE for a missing
 * sheet, E_FILE_MALFORMED for anything else that cannot be read; the reason of the signal when it
 * aborts.
 */
export async function convertSheet(conversion: Conversion): Promise<ReadSheet> {
  const { file, source, signal, budgetBytes = BUDGET_BYTES } = conversion;
  await refuseOldFormat(file, source);
  let parts: WorkbookParts | undefined;
  try {
    const budget = new ByteBudget(budgetBytes, 'contents');
    parts = await WorkbookParts.open(source, { budget, signal });
    return await convert(parts, budget, conversion);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof OnboardError ? error : unreadable(file, parts, error);
  } finally {
    parts?.close();
  }
}

async function convert(
  parts: WorkbookParts,
  budget: ByteBudget,
  conversion: Conversion,
): Promise<ReadSheet> {
  const { target, signal } = conversion;
  const index = await readIndex(parts);
  const context = await contextOf(parts, budget, index);
  const chosen = await chooseSheet(parts, { ...index, context }, conversion);
  const rows = new SheetRows(context);
  const lines = Readable.from(linesOf(rows, parts.text(chosen.part)));
  await pipeline(lines, (pieces) => writeAll(target, pieces), { signal });
  const { name, isHidden } = chosen;
  return { name, isHidden, hiddenRows: rows.hiddenRows, others: othersOf(index.sheets, chosen) };
}

async function contextOf(
  parts: WorkbookParts,
  budget: ByteBudget,
  { sharedStrings, styles, isFrom1904 }: WorkbookIndex,
): Promise<CellContext> {
  const texts = await readSharedTexts(parts, sharedStrings, new ByteBudget(TEXT_BYTES, 'texts'));
  const dateStyles = parts.has(styles) ? await readDateStyles(parts, styles) : [];
  return { texts, dateStyles, isFrom1904, budget };
}

async function* linesOf(rows: SheetRows, pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const found = rows.push(piece);
    if (found.length > 0) {
      yield Buffer.from(found.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
  }
  rows.end();
}

async function refuseOldFormat(file: string, source: string): Promise<void> {
  const handle = await open(source);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.toString('hex') !== COMPOUND_FILE) return;
  } finally {
    await handle.close();
  }
  const sentence =
    'this workbook is in the old format (.xls) or has a password; save it as .xlsx without one.';
  throw fileError('E_FILE_FORMAT', { file }, sentence);
}

/** Archives of other programs, by a file that only they have. */
const otherArchives = [
  { part: 'content.xml', what: 'an OpenDocument file (.ods)' },
  { part: 'xl/workbook.bin', what: 'a binary workbook (.xlsb)' },
  { part: 'Index/Document.iwa', what: 'a Numbers document' },
];

function unreadable(file: string, parts: WorkbookParts | undefined, cause: unknown): OnboardError {
  const other = otherArchives.find(({ part }) => parts?.has(part));
  if (other !== undefined) {
    const sentence = `this is ${other.what}; save it as .xlsx, or export it as CSV.`;
    return fileError('E_FILE_FORMAT', { file }, sentence);
  }
  const sentence =
    cause instanceof OverBudgetError
      ? `this workbook ${cause.message}, more than is read; export the sheet as CSV.`
      : 'this is no readable XLSX workbook; save it as .xlsx again, or export it as CSV.';
  return fileError('E_FILE_MALFORMED', { file, cause }, sentence);
}
