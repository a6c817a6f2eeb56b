import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { cellKey, type GroupMode, nameKey } from '../../src/people/groups.ts';
import { addGroup } from '../sandbox/support.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { person } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

export interface Given {
  /** The cells of each row. */
  cells: readonly string[][];
  /** Groups of the portal before. */
  known?: readonly string[];
  mode?: GroupMode;
  names?: readonly string[];
  plan?: Plan;
  keys?: readonly { key: string; permissions: string[] }[];
}

/** A batch whose rows name groups, submitted by a producer without a key. */
export async function caseWith({ cells, known = [], mode = 'existing', names = [], plan }: Given) {
  const rows = cells.map((department, index): NewRow => {
    const row = person(`p${index}@example.com`, index);
    return row.kind === 'person' ? { ...row, person: { ...row.person, department } } : row;
  });
  const groups = new Map<string, { rows: number }>();
  for (const cell of cells.flat()) {
    groups.set(cellKey(cell), { rows: (groups.get(cellKey(cell))?.rows ?? 0) + 1 });
  }
  for (const name of names) groups.set(nameKey(name), { rows: rows.length });
  const named = { groups, isSettled: false };
  const submission = { named, groups: mode, group: names };
  const at = await openCase({ rows, submission, ...(plan === undefined ? {} : { plan }) });
  const ids: string[] = [];
  for (const name of known) ids.push(await addGroup(at.stage.sandbox, name));
  return { at, ids, ledger: at.stage.ledger };
}

export const asked = (at: HandlerCase) => at.stage.asked.map(({ what }) => what);
export const groupsOn = ({ stage }: HandlerCase) =>
  stage.sandbox.state().accounts.map(({ groups }) => groups.map(({ name }) => name));
export const warningsOf = async (at: HandlerCase, row = 0) => (await at.outcome(row)).warnings;
