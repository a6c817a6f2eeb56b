import type { Fault } from '../entry.ts';

/** Why a cell of a workbook has no value: its formula was never computed, or failed. */
export const noValues = ['formula', 'error'] as const;
export type NoValue = (typeof noValues)[number];

const reasons: Record<NoValue, string> = {
  formula:
    'The cell holds a formula without a result; open the workbook in a spreadsheet program and save it, so that results are stored.',
  error: 'The cell holds the error of a formula, such as #N/A; correct the formula or the cell.',
};

/** The fault of such a cell; the table names its column. */
export function noValueFault(kind: NoValue): Fault {
  return { field: 'row', code: 'no-value', value: `(${kind})`, reason: reasons[kind] };
}
