import { OnboardError } from '../errors.ts';
import { batchIds, isKept } from '../ledger/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Most names that the error tells, and most batches that it looks through. */
const MOST_TOLD = 3;
const MOST_READ = 10_000;

/**
 * Every verb that takes a batch asks this first. The whole id is asked for, also where a part of it
 * would do: `cancel import-1`, once import-1 is purged, must not mean import-10.
 * @throws {OnboardError} E_BATCH_UNKNOWN, with the names most like the one given.
 */
export async function checkBatch(ledger: Ledger, id: string): Promise<void> {
  if (await isKept(ledger, id)) return;
  const near = nearestNames(id, await batchIds(ledger, MOST_READ));
  const hint = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  throw new OnboardError(
    'E_BATCH_UNKNOWN',
    `no batch ${id} is kept here: ${hint}\`onboard status\` lists those that are`,
    { details: { near } },
  );
}

/**
 * The names most like a wrong one, best first: those that it is a part of, then those that differ in
 * at most a third of its letters. Among equals the order given stays.
 */
export function nearestNames(wrong: string, names: readonly string[]): string[] {
  const [word, most] = [wrong.toLowerCase(), Math.max(1, Math.floor(wrong.length / 3))];
  return names
    .map((name) => ({ name, distance: distanceOf(word, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_TOLD)
    .map(({ name }) => name);
}

/** 0 for a part of the name, else how many letters to change, insert or leave out. */
function distanceOf(word: string, name: string): number {
  if (word.length > 2 && name.includes(word)) return 0;
  let above = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...word].entries()) {
    const row = [index + 1];
    for (let at = 1; at <= name.length; at += 1) {
      const change = (above[at - 1] ?? 0) + (letter === name[at - 1] ? 0 : 1);
      row.push(Math.min(change, (above[at] ?? 0) + 1, (row[at - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
