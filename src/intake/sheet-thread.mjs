// Reads one sheet of a workbook and writes it as lines for sheet.ts. It runs in a thread with a
// memory limit, because the library holds whole sheets: a single cell in the last corner of a sheet
// would otherwise end the process. Plain JavaScript, since Node 20 starts a thread from nothing else.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readSheet } from 'read-excel-file/node';

/** @typedef {{ source: string, target: string, sheet?: string }} Job */

/** Numbers stay text as in the file: a phone number is no sum. */
const options = { trim: false, parseNumber: (/** @type {string} */ text) => text };

/**
 * Rows of the sheet with this name or, for a number, at this place; by default of the first.
 * @param {Job} job
 */
async function rowsOf({ source, sheet }) {
  if (sheet === undefined) return readSheet(source, 1, options);
  try {
    return await readSheet(source, sheet, options);
  } catch (error) {
    const isNumber = /^[1-9]\d{0,3}$/.test(sheet);
    if (!isNumber || !(error instanceof Error) || error.name !== 'SheetNotFoundError') throw error;
    return readSheet(source, Number(sheet), options);
  }
}

/** @param {unknown} cell */
function textOf(cell) {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().replace('T00:00:00.000Z', '');
}

/** @param {Job} job */
async function convert(job) {
  const rows = await rowsOf(job);
  const lines = function* () {
    for (const row of rows) yield `${JSON.stringify(row.map(textOf))}\n`;
  };
  const file = createWriteStream(job.target);
  await pipeline(Readable.from(lines()), file);
}

try {
  await convert(workerData);
  parentPort?.postMessage(null);
} catch (error) {
  const cause = error instanceof Error ? error : new Error(String(error));
  const sheets = 'sheets' in cause && Array.isArray(cause.sheets) ? cause.sheets.map(String) : [];
  const code = 'code' in cause ? String(cause.code) : '';
  parentPort?.postMessage({ name: cause.name, code, sheets });
}
