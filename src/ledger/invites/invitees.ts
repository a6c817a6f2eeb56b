import type { Batch } from '../batch/batches.ts';
import type { Ledger } from '../ledger.ts';
import { firstOf, setPositions, withoutAny } from '../rows/bitmap.ts';
import { emailIn } from '../rows/row-codec.ts';
import { readInputs } from '../rows/row-inputs.ts';
import { SLICE_ROWS } from '../rows/rows.ts';
import { LEFT_OUT, mostInvitees } from './invites.ts';

/** A person for the next invite request. */
export interface Invitee {
  row: number;
  email: string;
}

/** The people of an invite request. */
export interface Chosen {
  count: number;
  /** Bitmap of their rows: 125 KB for a batch of 1,000,000. */
  rows: Buffer;
}

/**
 * The people of the next invite request, in the order of the input: those of `inviteSize`, or fewer
 * after a refusal. Four bitmaps in one round trip.
 */
export async function chooseInvitees(
  { keys, redis }: Ledger,
  { id, inviteSize, invitePart }: Batch,
): Promise<Chosen> {
  const marks = LEFT_OUT.map((mark) => keys.marks(id) + mark);
  const bitmaps = [keys.is(id, 'created'), keys.invited(id), ...marks];
  const [created = nobody, ...others] = await Promise.all(
    bitmaps.map(async (key) => (await redis.getBuffer(key)) ?? nobody),
  );
  const { atMost = Number.POSITIVE_INFINITY, cap = atMost } = invitePart ?? {};
  const most = Math.min(mostInvitees(inviteSize), atMost, cap);
  return firstOf(withoutAny(created, others), most);
}

const nobody = Buffer.alloc(0);

/** Bytes of a bitmap with the rows of a slice. */
const SLICE_BYTES = SLICE_ROWS / 8;

/**
 * The people of these rows (a bitmap), ascending, in slices of at most 1,000. The next slice is read
 * while the last one is used.
 * @throws {Error} when a row is damaged: leaving it out would forget an account.
 */
export async function* inviteesIn(
  ledger: Ledger,
  batch: string,
  rows: Buffer,
): AsyncGenerator<Invitee[]> {
  let next = Promise.resolve<Invitee[]>([]);
  for (let at = 0; at < rows.length + SLICE_BYTES; at += SLICE_BYTES) {
    const slice = await next;
    next = readInvitees(ledger, batch, setPositions(rows.subarray(at, at + SLICE_BYTES), at * 8));
    // A caller that stops early leaves this one unread.
    next.catch(() => undefined);
    if (slice.length > 0) yield slice;
  }
}

async function readInvitees(ledger: Ledger, batch: string, rows: readonly number[]) {
  const texts = rows.length === 0 ? [] : await readInputs(ledger, batch, rows);
  return rows.map((row, index): Invitee => {
    const email = emailIn(texts[index]);
    if (email === undefined) throw new Error(`row ${row} is damaged`);
    return { row, email };
  });
}
