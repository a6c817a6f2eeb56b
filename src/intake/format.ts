import { extname } from 'node:path';
import type { ColumnNames } from './columns/column-names.ts';
import { CsvReader } from './csv/read-csv.ts';
import type { RecordReader } from './entry.ts';
import { fileError } from './file-error.ts';
import { JsonElements } from './json/json-elements.ts';
import { JsonLines, JsonReader } from './json/read-json.ts';
import { SheetReader } from './workbook/sheet.ts';

/** Values of `--format` for input; csv includes every delimiter. */
const formats = ['csv', 'json', 'ndjson', 'xlsx'] as const;
export type Format = (typeof formats)[number];

const formatByExtension: ReadonlyMap<string, Format> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.txt', 'csv'],
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.xlsx', 'xlsx'],
  ['.xlsm', 'xlsx'],
]);

/** Files of other programs, with what they are. */
const otherFiles: ReadonlyMap<string, string> = new Map([
  ['.xls', 'a workbook in the old format'],
  ['.xlsb', 'a binary workbook'],
  ['.ods', 'an OpenDocument spreadsheet'],
  ['.numbers', 'a Numbers document'],
  ['.pdf', 'a PDF'],
  ['.docx', 'a text document'],
  ['.odt', 'a text document'],
]);

/** The format of a file by its name. Throws E_FILE_FORMAT for an unknown extension. */
export function formatOf(file: string): Format {
  const extension = extname(file).toLowerCase();
  const format = formatByExtension.get(extension);
  if (format !== undefined) return format;
  const other = otherFiles.get(extension);
  if (other !== undefined) {
    const sentence = `this is ${other}, which is not read; save the list as .xlsx, or export it as CSV.`;
    throw fileError('E_FILE_FORMAT', { file }, sentence);
  }
  const known = [...formatByExtension.keys()].join(', ');
  const sentence = `the name has none of the known extensions (${known}); give --format ${formats.join(', ')}.`;
  throw fileError('E_FILE_FORMAT', { file }, sentence);
}

export interface Reading {
  /** Delimiter of CSV; without it, the header decides. */
  delimiter?: string | undefined;
  /** Path of the array inside a JSON object; without it, the file is the array. */
  at?: string | undefined;
  /** Encoding of text, as TextDecoder names it; without it, the bytes decide. */
  encoding?: string | undefined;
  names: ColumnNames;
  /** Receives the first word that is not in UTF-8, for a terminal. */
  onOddWord?: ((line: string) => void) | undefined;
}

export function readerFor(format: Format, file: string, reading: Reading): RecordReader {
  const { delimiter, names, at } = reading;
  if (format === 'json') return new JsonReader(file, new JsonElements(file, at), names);
  if (format === 'ndjson') return new JsonReader(file, new JsonLines(file), names);
  return format === 'xlsx' ? new SheetReader(file, names) : new CsvReader(file, delimiter, names);
}
