import { type Hold, readHold } from '../ledger/stops/holds.ts';
import { readWork, type Work } from '../queue/work.ts';
import { currentWaits, type Wait } from './current-waits.ts';
import type { Readable } from './overview.ts';

/** Facts about all batches together at one moment. */
export interface Standing {
  hold: Hold | undefined;
  waits: Wait[];
  work: Work;
  /** Whether Redis keeps its data over a restart; undefined where it does not say. */
  isDurable: boolean | undefined;
  /** The last repair of the last day. */
  repaired: { batch: string; codes: string[]; at: number } | undefined;
}

export async function readStanding({ ledger, queues }: Readable, now: number): Promise<Standing> {
  const [hold, waits, work] = await Promise.all([
    readHold(ledger),
    currentWaits(ledger, now),
    readWork(queues),
  ]);
  return { hold, waits, work, isDurable: undefined, repaired: undefined };
}
