import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findPerson } from '../../actions/find-person.ts';
import { counted } from '../../count.ts';
import { OnboardError } from '../../errors.ts';
import type { PersonRow } from '../../ledger/rows/person-rows.ts';
import { emailIdentity } from '../../people/person.ts';
import { jsonText, line } from '../../printable.ts';
import { zonedTime } from '../../zoned-time.ts';
import { placeText } from '../context.ts';
import { givenAddresses } from '../given-addresses.ts';
import { exit, type Io } from '../io.ts';
import { withLedger } from '../open/ledger-store.ts';

/**
 * `onboard find EMAIL`: every row of a person in every batch, newest batch first.
 * @throws {OnboardError} E_PERSON_UNKNOWN, without repeating the address; E_USAGE.
 */
export async function find(io: Io, given: string, flags: { json?: boolean }): Promise<number> {
  const [email = '', ...others] = await givenAddresses(io, [given]);
  if (others.length > 0) throw new OnboardError('E_USAGE', 'find: give one address at a time');
  return withLedger(
    io,
    async ({ config }, ledger) => {
      const { retentionMs } = config;
      const onDamaged = (batch: string) => {
        io.stderr.write(`${line`batch ${batch} is unreadable: onboard status ${batch}`}\n`);
      };
      const all = await findPerson(ledger, { email, onDamaged, retentionMs });
      const text = flags.json ? rowsJson(emailIdentity(email), all) : plainText(all);
      await pipeline(Readable.from(text), io.stdout, { end: false });
      return exit.ok;
    },
    ({ config }) => {
      const text = `nothing is stored (${placeText(config)})`;
      throw new OnboardError('E_PERSON_UNKNOWN', text);
    },
  );
}

async function* rowsJson(email: string, rows: AsyncIterable<PersonRow>): AsyncGenerator<string> {
  yield `{"email":${jsonText(email)},"rows":[`;
  let separator = '';
  for await (const row of rows) {
    yield `${separator}${jsonText(row)}`;
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

/** A row of a person in a few lines; the first of a batch comes after a line about the batch. */
function personRowText(row: PersonRow, isFirst: boolean): string {
  const about = line`batch ${row.batchId}: ${row.batchState}, ${zonedTime(row.startedAt)}, ${row.portal}`;
  const rounds = [...row.history, row].map((end, index, all) => {
    const isLast = index === all.length - 1;
    const text = [...endParts(end), ...(isLast ? fateParts(row) : [])].join(', ');
    return all.length === 1 ? line`    ${text}` : line`    round ${end.round}: ${text}`;
  });
  const head = line`  ${row.file} line ${row.line}: ${row.name || '(no name)'} <${row.email}>`;
  return [...(isFirst ? [about] : []), head, ...rounds, ''].join('\n');
}

type End = Omit<PersonRow['history'][number], 'round'>;

/** How a round ended: `failed (bad-request: Wrong name.)`, `2 attempts`, `at …`. */
function endParts({ state, code, reason, attempts, settledAt }: End): string[] {
  const why = [code, reason].filter((part) => part !== '').join(': ');
  const parts = [why === '' ? state : `${state} (${why})`];
  if (attempts > 0) parts.push(counted(attempts, 'attempt', 'attempts'));
  if (settledAt !== null) parts.push(`at ${zonedTime(settledAt)}`);
  return parts;
}

function fateParts({ portalId, invited, invitedAt }: PersonRow): string[] {
  const parts: string[] = [];
  if (portalId !== '') parts.push(`account ${portalId}`);
  if (invited) parts.push(invitedAt === null ? 'invited' : `invited at ${zonedTime(invitedAt)}`);
  return parts;
}
