import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DAY_MS } from '../../durations.ts';
import { OnboardError } from '../../errors.ts';
import { type PersonRow, personRows } from '../../ledger/rows/person-rows.ts';
import { emailIdentity } from '../../people/person.ts';
import { exit, type Io } from '../io.ts';
import { withLedger } from '../open/ledger-store.ts';
import { personRowText } from './find-text.ts';

/**
 * `onboard find EMAIL`: every row of a person in every batch, newest batch first.
 * @throws {OnboardError} E_PERSON_UNKNOWN, without repeating the address.
 */
export function find(io: Io, email: string, flags: { json?: boolean }): Promise<number> {
  return withLedger(io, async ({ config }, ledger) => {
    const rows = personRows(ledger, email);
    const first = await rows.next();
    if (first.done) throw nobody(config.retentionMs);
    const all = prepended(first.value, rows);
    const text = flags.json ? jsonText(emailIdentity(email), all) : plainText(all);
    await pipeline(Readable.from(text), io.stdout, { end: false });
    return exit.ok;
  });
}

function nobody(retentionMs: number): OnboardError {
  return new OnboardError(
    'E_PERSON_UNKNOWN',
    `this address is in no stored batch (batches are deleted ${retentionMs / DAY_MS} days after they end): check its spelling`,
  );
}

async function* prepended<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

async function* jsonText(email: string, rows: AsyncIterable<PersonRow>): AsyncGenerator<string> {
  yield `{"email":${JSON.stringify(email)},"rows":[`;
  let separator = '';
  for await (const row of rows) {
    yield `${separator}${JSON.stringify(row)}`;
    separator = ',';
  }
  yield ']}\n';
}

async function* plainText(rows: AsyncIterable<PersonRow>): AsyncGenerator<string> {
  let batchId = '';
  for await (const row of rows) {
    yield personRowText(row, row.batchId !== batchId);
    batchId = row.batchId;
  }
}
