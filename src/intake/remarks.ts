import { counted } from '../count.ts';
import type { Remark } from '../people/remark.ts';
import { line } from '../printable.ts';
import { ignoreFlag, keyOf, mapFlag, shown } from './columns/column-errors.ts';
import type { OptionalColumn } from './columns/column-names.ts';
import type { FileFacts } from './entry.ts';
import type { ReadSheet } from './workbook/choose-sheet.ts';

/** Everything found about one file while it was read. */
export interface FileFindings {
  file: string;
  facts: FileFacts;
  /** Columns that are not read, with their numbers of values. */
  notUnderstood: ReadonlyMap<OptionalColumn, number>;
  encoding: string;
  sheet?: ReadSheet | undefined;
}

const wanted: Record<OptionalColumn, string> = {
  type: 'a type of account',
  culture: 'a culture such as en-US',
  department: 'the name of a group',
  comment: 'text',
};

/** Sentences about a file for the person who submits it. */
export function remarksOn(findings: FileFindings): Remark[] {
  const { file, facts, notUnderstood, encoding, sheet } = findings;
  const remarks: Remark[] = [];
  if (encoding !== 'utf-8') {
    remarks.push({ code: 'encoding', text: line`${file}: read as ${encoding}` });
  }
  if (sheet !== undefined) remarks.push(...sheetRemarks(file, sheet));
  if (facts.skippedRows > 0) {
    const rows = counted(facts.skippedRows, 'row', 'rows');
    const text = line`${file}: the header is line ${facts.headerLine}; ${rows} before it not read`;
    remarks.push({ code: 'rows-skipped', text });
  }
  for (const [column, values] of notUnderstood) {
    const header = facts.headers.get(column) ?? column;
    const none = values === 1 ? 'its one value is not' : `none of its ${values} values is`;
    const change = `to have such rows rejected instead: ${mapFlag(header, column)}; to leave out this warning: ${ignoreFlag(header)}`;
    const text = line`${file}: the column ${shown(header)} is not read as ${keyOf(column)}, because ${none} ${wanted[column]}; ${change}`;
    remarks.push({ code: 'column-not-understood', text });
  }
  return remarks;
}

function sheetRemarks(file: string, { name, others, hiddenRows }: ReadSheet): Remark[] {
  const remarks: Remark[] = [];
  if (others.length > 0) {
    const text = line`${file}: the sheet ${shown(name)} is read; ${othersText(others)}`;
    remarks.push({ code: 'sheet-chosen', text });
  }
  if (hiddenRows > 0) {
    const rows = counted(hiddenRows, 'hidden row', 'hidden rows');
    const text = line`${file}: ${rows} of the sheet ${shown(name)} count as all others; remove them from the sheet if they should not`;
    remarks.push({ code: 'hidden-rows', text });
  }
  return remarks;
}

/** The sheets that are not read, with the flag to read one. */
export function othersText(others: readonly string[]): string {
  return `not read: ${others.join(', ')}; --sheet NAME reads another`;
}
