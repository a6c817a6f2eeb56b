import type { ColumnUse } from '../../intake/columns/column-uses.ts';
import type { Plan } from '../../preflight/make-plan.ts';

/** A column with what it holds for the first person of the list. */
export type ExampleColumn = ColumnUse & { example?: string };

/** Adds values of the first accepted row to the columns that are read. */
export function exampleColumns(
  columns: readonly ColumnUse[],
  example: Plan['example'],
): ExampleColumn[] {
  return columns.map((use) => {
    const isRead = use.column !== null && use.notUnderstood === undefined;
    if (!isRead || example === undefined || use.file !== example.file) return use;
    const value = cellText(use.column ?? '', example.person);
    return value === '' ? use : { ...use, example: value };
  });
}

function cellText(column: string, person: NonNullable<Plan['example']>['person']): string {
  const { firstName, lastName } = person;
  const values: Record<string, unknown> = { ...person, name: `${firstName} ${lastName}` };
  return [values[column] ?? ''].flat().join('; ');
}
