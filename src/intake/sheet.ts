import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { OnboardError } from '../errors.ts';
import { plainName } from './columns.ts';
import type { RawRecord, RecordReader } from './entry.ts';
import { fileError } from './file-error.ts';
import { Table, type TableRow } from './table.ts';

/** Memory of the thread: about 400,000 rows of five cells. */
const MEMORY_MB = 1024;
/** First bytes of the format before XLSX, and of XLSX with a password (CFB, MS-CFB 2.2). */
const COMPOUND_FILE = 'd0cf11e0';

/** A sheet of a workbook, and the file for its lines. */
interface Conversion {
  /** Name in messages. */
  file: string;
  source: string;
  target: string;
  /** Name or number of the sheet; the first by default. */
  sheet?: string | undefined;
  signal?: AbortSignal | undefined;
}

const failureSchema = z.object({ name: z.string(), code: z.string(), sheets: z.array(z.string()) });
type Failure = z.infer<typeof failureSchema>;

/**
 * Writes a sheet of an XLSX workbook as lines to a file, for SheetReader.
 * @throws {OnboardError} E_FILE_FORMAT for an old or encrypted workbook, E_USAGE for a missing
 * sheet, E_FILE_MALFORMED for anything else that cannot be read; the reason of the signal when it
 * aborts.
 */
export async function convertSheet(conversion: Conversion): Promise<void> {
  const { file, source, target, sheet, signal } = conversion;
  await refuseOldFormat(file, source);
  signal?.throwIfAborted();
  const thread = new Worker(new URL('./sheet-thread.mjs', import.meta.url), {
    workerData: { source, target, sheet },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const stop = () => void thread.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const failure = await failureOf(thread);
    signal?.throwIfAborted();
    if (failure !== null) throw sheetError(conversion, failure);
  } finally {
    signal?.removeEventListener('abort', stop);
    await thread.terminate();
  }
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

/** The thread's message: its failure, or null. A thread may also end without a message. */
function failureOf(thread: Worker): Promise<Failure | null> {
  return new Promise((resolve) => {
    const fail = (code = '') => resolve({ name: '', code, sheets: [] });
    thread.once('message', (message) => resolve(failureSchema.nullable().parse(message)));
    thread.once('error', (error: NodeJS.ErrnoException) => fail(error.code));
    thread.once('exit', () => fail());
  });
}

const TOO_LARGE = ['ERR_WORKER_OUT_OF_MEMORY', 'ERR_STRING_TOO_LONG'];

function sheetError({ file, sheet }: Conversion, { name, code, sheets }: Failure): OnboardError {
  if (name === 'SheetNotFoundError') {
    const names = sheets.map((each) => JSON.stringify(plainName(each))).join(', ');
    const sentence = `--sheet ${sheet ?? 1}: ${file} has no such sheet; it has ${names}`;
    return new OnboardError('E_USAGE', sentence);
  }
  const sentence = TOO_LARGE.includes(code)
    ? `this sheet needs more than ${MEMORY_MB} MB of memory (one cell far from the others is enough); export it as CSV.`
    : 'this is no readable XLSX workbook; save it as .xlsx again, or export it as CSV.';
  return fileError('E_FILE_MALFORMED', { file }, sentence);
}

const cellsSchema = z.array(z.string());

/**
 * Rows of a sheet as `sheet-thread.mjs` writes them: one JSON array of texts a line, also for empty
 * rows, so that the line is the row's number in the sheet. The header is the first row with cells.
 */
export class SheetReader extends Table implements RecordReader {
  #width: number | undefined;
  #rest = '';
  #line = 0;

  push(text: string): RawRecord[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const rows: TableRow[] = [];
    for (const line of lines) {
      this.#line += 1;
      const cells = cellsSchema.parse(JSON.parse(line));
      if (cells.every((cell) => cell.trim() === '')) continue;
      this.#width ??= cells.length;
      // Cells outside the columns of the header are ignored: a sheet has no delimiter to miss.
      const fitted = Array.from({ length: this.#width }, (_, index) => cells[index] ?? '');
      rows.push({ line: this.#line, cells: fitted });
    }
    return this.records(rows);
  }

  end(): RawRecord[] {
    return [];
  }
}
