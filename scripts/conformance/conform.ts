import { type Difference, differencesOf } from '../../test/conformance/check-facts.ts';
import type { Fact } from '../../test/conformance/fact.ts';
import { field, Probe } from '../../test/conformance/probe.ts';
import { facts, safeFacts } from '../../test/conformance/table.ts';
import type { Arguments } from './arguments.ts';

/** Most people of a portal that nobody uses. */
const MOST_PEOPLE = 20;
/** Most accounts that one run creates; all of them stay. */
const MOST_ACCOUNTS = 40;

type Print = (line: string) => void;

interface Options {
  print: Print;
  /** Facts to check; the safe ones by default. */
  facts?: readonly Fact[];
}

/**
 * Checks the safe facts on a portal, deletes its groups again and lists what is left. Returns the exit
 * status: 0, 1 when the portal differs, 2 when it was not checked.
 */
export async function conform(
  { url, key, isLargeAccepted }: Arguments,
  { print, facts: chosen = safeFacts }: Options,
): Promise<number> {
  const run = Date.now().toString(36);
  const portal = new Probe({ url, key, run, most: MOST_ACCOUNTS });
  const refusal = await refusalOf(portal, isLargeAccepted);
  if (refusal !== undefined) {
    print(`conformance: ${refusal}`);
    return 2;
  }
  print(`${chosen.length} facts; ${facts.length - safeFacts.length} are for the sandbox alone`);
  const found = await differencesOf(portal, chosen, (fact, one) => printFact(print, fact, one));
  await leave(portal, print);
  print(`${chosen.length - found.length} of ${chosen.length} facts hold`);
  return found.length === 0 ? 0 : 1;
}

/** Why a portal is not checked; undefined when it may be. Accounts of earlier runs are no people. */
async function refusalOf(portal: Probe, isLargeAccepted: boolean): Promise<string | undefined> {
  const seen = await portal.ask('GET /people?count=100').catch(String);
  if (typeof seen === 'string') return `${portal.url} does not answer (${seen})`;
  if (seen.status !== 200 || !Array.isArray(seen.response)) {
    return `GET /people answers ${seen.status}: give a key of an administrator with full access`;
  }
  const total = Number(field(seen.json, 'total') ?? 0);
  const marked = seen.response.map(emailOf).filter(isMarked).length;
  const people = Math.max(total, seen.response.length) - marked;
  if (people <= MOST_PEOPLE || isLargeAccepted) return undefined;
  return `the portal has ${people} people, more than a test portal: add --even-so if it is one`;
}

function printFact(print: Print, { id, says }: Fact, difference: Difference | undefined): void {
  print(`${difference === undefined ? 'same   ' : 'DIFFERS'}  ${id}: ${says}`);
  if (difference === undefined) return;
  print(`  expected ${difference.expected}`);
  print(`  observed ${difference.observed}`);
}

async function leave(portal: Probe, print: Print): Promise<void> {
  const groups = await portal.deleteGroups();
  if (groups.length > 0) print(`groups that could not be deleted: ${groups.join(', ')}`);
  const accounts = await accountsLeft(portal);
  print(`accounts left: ${accounts.length}; disable and delete them in the portal`);
  for (const email of accounts) print(`  ${email}`);
}

/** Also accounts of earlier runs, and those that a portal made where a fact says that it refuses. */
async function accountsLeft(portal: Probe): Promise<string[]> {
  const { response } = await portal.ask('GET /people/filter?filterValue=conformance&count=100');
  const listed = Array.isArray(response) ? response.map(emailOf).filter(isMarked) : [];
  return [...new Set([...portal.accounts, ...listed])];
}

function emailOf(account: unknown): string {
  return String(field(account, 'email'));
}

function isMarked(email: string): boolean {
  return /^conformance-/i.test(email);
}
