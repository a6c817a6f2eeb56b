import { extname } from 'node:path';
import type { RecordReader } from './entry.ts';
import { fileError } from './file-error.ts';
import { CsvReader } from './read-csv.ts';
import { JsonReader } from './read-json.ts';
import { NdjsonReader } from './read-ndjson.ts';

/** What `--format` takes; csv stands for any delimiter. */
export type Format = 'csv' | 'json' | 'ndjson';

const formatByExtension: ReadonlyMap<string, Format> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.txt', 'csv'],
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
]);

/** The format that a file's name tells. Throws E_FILE_FORMAT when it tells none. */
export function formatOf(file: string): Format {
  const format = formatByExtension.get(extname(file).toLowerCase());
  if (format !== undefined) return format;
  const known = [...formatByExtension.keys()].join(', ');
  const sentence = `its name does not tell the format; known are ${known}; otherwise give --format csv, json or ndjson.`;
  throw fileError('E_FILE_FORMAT', { file }, sentence);
}

/** A reader for one pass over one file; `delimiter` is for CSV only. */
export function readerFor(format: Format, file: string, delimiter?: string): RecordReader {
  if (format === 'json') return new JsonReader(file);
  return format === 'ndjson' ? new NdjsonReader(file) : new CsvReader(file, delimiter);
}
