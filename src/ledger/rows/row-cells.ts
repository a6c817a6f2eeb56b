import { z } from 'zod';
import { decodeInput, decodeOutcome, type RowTexts } from './row-codec.ts';

const cell = z.string().catch('');
const cells = z.object({
  email: cell,
  firstName: cell,
  lastName: cell,
  type: cell,
  culture: cell,
  department: z.union([z.string(), z.array(z.string()).transform(joined)]).catch(''),
  comment: cell,
});

/** Cells as one that reads as they do: a name may have a semicolon (group-book.ts). */
function joined(names: readonly string[]): string {
  return names.join(names.some((name) => name.includes(';')) ? '|' : ';');
}

/** A row whose text is missing or damaged, as a worker names it too. */
const unreadable = { code: 'row-unreadable', reason: "The ledger's copy is damaged: row." };

/** A row in the columns of a list of people, with the reason to correct it. */
export type RowCells = ReturnType<typeof rowCells>;

/** The values in the two texts of a row, as far as they can be read. */
export function rowCells(texts: RowTexts) {
  const input = decodeInput(texts.input);
  const otherwise = input === undefined ? unreadable : { code: '', reason: '' };
  const {
    code = otherwise.code,
    reason = otherwise.reason,
    warnings = [],
  } = decodeOutcome(texts.outcome);
  const { firstName, lastName, email, ...others } = cells.parse(input?.person ?? input?.raw ?? {});
  return {
    email,
    first_name: firstName,
    last_name: lastName,
    ...others,
    file: input?.file ?? '',
    line: input?.line ?? 0,
    code,
    reason: [reason, ...(input?.warnings ?? []), ...warnings]
      .filter((remark) => remark !== '')
      .join('; '),
  };
}
