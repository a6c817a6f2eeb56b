import type { NewRow } from '../../src/ledger/record-rows.ts';

/** `count` accepted rows, `p0@example.com` and so on, as intake would hand them over. */
export function people(count: number, first = 0): NewRow[] {
  return Array.from({ length: count }, (_, index) =>
    person(`p${first + index}@example.com`, index),
  );
}

export function person(email: string, index = 0): NewRow {
  const at = { file: 'people.csv', line: index + 2 };
  return { kind: 'person', at, person: { email, firstName: 'Ana', lastName: 'Lee', type: 'User' } };
}
