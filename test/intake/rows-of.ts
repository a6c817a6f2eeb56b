import { entryMaker, type PersonRules } from '../../src/intake/cells/validate.ts';
import type { Fault, RawPerson } from '../../src/intake/entry.ts';
import type { Person } from '../../src/people/person.ts';

export const guid = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
export const ana: RawPerson = { email: 'ana@example.com', firstName: 'Ana', lastName: 'Lee' };
export const rules: PersonRules = { defaultType: 'User' };

export function entryOf(cells: Partial<RawPerson>, given: PersonRules = rules) {
  const record = { line: 7, raw: { ...ana, ...cells }, faults: [] };
  return entryMaker(given, 'people.csv')(record);
}

export function personOf(cells: Partial<RawPerson>, given: PersonRules = rules): Person {
  const entry = entryOf(cells, given);
  if (entry.kind === 'person') return entry.person;
  throw new Error(`rejected: ${JSON.stringify(entry.faults)}`);
}

export function faultsOf(cells: Partial<RawPerson>, given: PersonRules = rules): Fault[] {
  const entry = entryOf(cells, given);
  return entry.kind === 'rejected' ? entry.faults : [];
}
