import { extname } from 'node:path';
import type { ColumnNames } from './columns.ts';
import type { RecordReader } from './entry.ts';
import { fileError } from './file-error.ts';
import { JsonElements } from './json-elements.ts';
import { CsvReader } from './read-csv.ts';
import { JsonLines, JsonReader } from './read-json.ts';
import { SheetReader } from './sheet.ts';

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

/** The format of a file by its name. Throws E_FILE_FORMAT for an unknown extension. */
export function formatOf(file: string): Format {
  const format = formatByExtension.get(extname(file).toLowerCase());
  if (format !== undefined) return format;
  const known = [...formatByExtension.keys()].join(', ');
  const sentence = `the name has none of the known extensions (${known}); give --format ${formats.join(', ')}.`;
  throw fileError('E_FILE_FORMAT', { file }, sentence);
}

export interface Reading {
  /** Delimiter of CSV; without it, the header decides. */
  delimiter?: string | undefined;
  names?: ColumnNames;
}

export function readerFor(format: Format, file: string, reading: Reading = {}): RecordReader {
  const { delimiter, names } = reading;
  if (format === 'json') return new JsonReader(file, new JsonElements(file), names);
  if (format === 'ndjson') return new JsonReader(file, new JsonLines(file), names);
  return format === 'xlsx' ? new SheetReader(file, names) : new CsvReader(file, delimiter, names);
}
