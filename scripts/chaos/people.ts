import type { Random } from './random.ts';

/** A list of people with the expected result. */
export interface List {
  csv: string;
  /** Number of lines of the file below the header. */
  lines: number;
  /** Valid e-mails without duplicates, in lower case. */
  good: string[];
  /** Valid e-mails that have an account before the round. */
  existing: string[];
}

const names = ['Ana', 'Zoë', 'Łukasz', 'Иван', "O'Brien", 'Jean-Luc', 'José'] as const;

/** Begins of addresses that the portal's invite refuses. */
const refused = ['josè', 'ab--c'] as const;

/** Departments of a list; the portal has the first, and the others are made. */
const departments = ['', 'Ops', 'sales', 'Sales', 'Ops|Neu'] as const;

/** Lines that intake must reject. */
const bad = [
  'not an address,Ana,Lee',
  'x@@example.com,Ana,Lee',
  'digits@example.com,Ana7,Lee',
  ',Ana,Lee',
  'dots..dots@example.com,Ana,Lee',
] as const;

/** Makes a random list: valid people, some with the same local part, bad rows, duplicates. */
export function randomList(random: Random, people: number, tag: string): List {
  const rows: string[] = [];
  const good: string[] = [];
  const existing: string[] = [];
  const hasExisting = random.chance(0.7);
  const hasDepartments = random.chance(0.5);
  while (good.length < people) {
    const index = good.length;
    const local = random.chance(0.05)
      ? 'info'
      : `${random.chance(0.05) ? random.pick(refused) : 'p'}${index}`;
    const email = `${local}@${tag}${index}.example.com`;
    const name = random.pick(names);
    const spelling = random.chance(0.1) ? email.toUpperCase() : email;
    const department = hasDepartments ? `,${random.pick(departments)}` : '';
    rows.push(`${spelling},${name},${random.pick(names)}${department}`);
    good.push(email);
    if (hasExisting && random.chance(0.04)) existing.push(email);
    if (random.chance(0.02)) rows.push(random.pick(bad));
    if (random.chance(0.02)) rows.push(`${random.pick([email, good[0] ?? email])},Ana,Lee`);
  }
  const columns = `email,first_name,last_name${hasDepartments ? ',department' : ''}`;
  const csv = `${columns}\n${rows.join('\n')}\n`;
  return { csv, lines: rows.length, good, existing };
}
