import { DAY_MS } from '../durations.ts';
import { OnboardError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type PersonRow, personRows } from '../ledger/rows/person-rows.ts';

interface Finding {
  email: string;
  /** Receives the batches that cannot be read. */
  onDamaged: (batch: string) => void;
  /** How long batches stay, ms, where it is known. */
  retentionMs?: number | undefined;
}

/**
 * Every row of a person in every batch, newest batch first.
 * @throws {OnboardError} E_PERSON_UNKNOWN, without repeating the address.
 */
export async function findPerson(
  ledger: Ledger,
  { email, onDamaged, retentionMs }: Finding,
): Promise<AsyncGenerator<PersonRow>> {
  const rows = personRows(ledger, email, onDamaged);
  const first = await rows.next();
  if (!first.done) return prepended(first.value, rows);
  const after = retentionMs === undefined ? 'some time' : `${retentionMs / DAY_MS} days`;
  throw new OnboardError(
    'E_PERSON_UNKNOWN',
    `this address is in no stored batch (batches are deleted ${after} after they end): check its spelling`,
  );
}

async function* prepended<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
