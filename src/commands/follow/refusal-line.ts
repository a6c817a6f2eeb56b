import type { Ledger } from '../../ledger/ledger.ts';
import { readRefusal, tryWrite } from '../../ledger/notes/refusals.ts';
import { line } from '../../printable.ts';
import { isForbidden, refusalText } from '../../redis/connection/lost.ts';
import { storeTrouble } from '../../redis/trouble.ts';
import { shortTime } from '../../zoned-time.ts';

/**
 * A line for `onboard status` about a Redis that refuses writes, or the work of the workers: the
 * batches would otherwise look as if they were only slow. A user that only reads has its own line.
 */
export async function refusalLine(ledger: Ledger, now: number): Promise<string | undefined> {
  const here = await refusedHere(ledger);
  if (here !== undefined) return line`${refusalText(here)}`.concat('\n');
  const noted = await readRefusal(ledger);
  if (noted === undefined) return undefined;
  const error = Object.assign(new Error(noted.message), { name: 'ReplyError' });
  const at = shortTime(noted.at, now);
  return line`${refusalText(error)}, as a worker noted at ${at}`.concat('\n');
}

async function refusedHere(ledger: Ledger): Promise<Error | undefined> {
  try {
    await tryWrite(ledger);
    return undefined;
  } catch (error) {
    if (storeTrouble(error) !== 'refuses' || !(error instanceof Error)) throw error;
    return isForbidden(error) ? undefined : error;
  }
}
