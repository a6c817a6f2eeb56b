import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import type { RunningSandbox } from '../../src/sandbox/sandbox.ts';
import { waitFor } from './wait-for.ts';

/** `count` accepted rows as intake gives them: `p0@example.com` and so on. */
export function people(count: number, first = 0): NewRow[] {
  return Array.from({ length: count }, (_, index) =>
    person(`p${first + index}@example.com`, index),
  );
}

export function person(email: string, index = 0): NewRow {
  const at = { file: 'people.csv', line: index + 2 };
  return { kind: 'person', at, person: { email, firstName: 'Ana', lastName: 'Lee', type: 'User' } };
}

/** A CSV of `count` people, `p0@example.com` and so on. */
export function peopleCsv(count: number, first = 0): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `p${first + index}@example.com,Ana,Lee`,
  );
  return `email,first_name,last_name\n${lines.join('\n')}\n`;
}

/** The accounts that POST /people made on a sandbox. */
export function createdOn(sandbox: RunningSandbox): string[] {
  const { accounts } = sandbox.state();
  return accounts.filter(({ origin }) => origin === 'post').map(({ email }) => email);
}

/** Waits until a sandbox has created this many accounts: the middle of a run. */
export function untilCreated(sandbox: RunningSandbox, count: number): Promise<boolean> {
  const what = `${count} accounts`;
  return waitFor(() => createdOn(sandbox).length >= count, { what });
}
