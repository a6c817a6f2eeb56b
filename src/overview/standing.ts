import { isDurable } from '../ledger/durability.ts';
import { type RepairNote, readRepair } from '../ledger/notes/repairs.ts';
import { type Hold, readHold } from '../ledger/stops/holds.ts';
import { readWork, type Work } from '../queue/work.ts';
import { currentWaits, type Wait } from './current-waits.ts';
import type { Readable } from './overview.ts';

/** How a prefix stands as a whole, for the top of every page. */
export interface Standing {
  /** The hold in force; `work.backlog` people wait for its end. */
  hold: Hold | undefined;
  /** Limits of the portal and an outage, also while no batch has work. */
  waits: Wait[];
  work: Work;
  /** Whether Redis writes an append-only file; undefined where it may not be asked. */
  isDurable: boolean | undefined;
  /** The last repair of the last day. */
  repaired: RepairNote | undefined;
}

/** Reads the standing, in twelve commands at most, sent together; `now` in ms. */
export async function readStanding({ ledger, queues }: Readable, now: number): Promise<Standing> {
  const [hold, waits, work, durable, repaired] = await Promise.all([
    readHold(ledger),
    currentWaits(ledger, now),
    readWork(queues),
    isDurable(ledger),
    readRepair(ledger),
  ]);
  return { hold, waits, work, isDurable: durable, repaired };
}
