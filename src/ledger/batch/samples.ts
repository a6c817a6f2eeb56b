import { keysOf, type Ledger } from '../ledger.ts';
import { type sampledStates, sampleNow } from '../lua/note-course.ts';
import { runScript } from '../lua/script.ts';

/** Settled people of a batch at a time, ms of Redis' clock. */
export type Sample = { at: number } & Record<(typeof sampledStates)[number], number>;

const FORM = /^\d{1,15}(?: \d{1,10}){4}$/;

/** Samples of a batch, 400 at most, oldest first; damaged ones are left out. */
export async function samplesOf({ redis, keys }: Ledger, batch: string): Promise<Sample[]> {
  const texts = await redis.lrange(keys.course(batch), 0, -1);
  return texts.flatMap((text): Sample[] => {
    if (!FORM.test(text)) return [];
    const [at = 0, created = 0, existing = 0, failed = 0, cancelled = 0] = text
      .split(' ')
      .map(Number);
    return [{ at, created, existing, failed, cancelled }];
  });
}

/** Adds a sample now. */
export async function takeSample(ledger: Ledger, batch: string): Promise<void> {
  await runScript(ledger, sampleNow, { keys: keysOf(ledger, batch) });
}

/** Field of the record: when a round after the first began, ms. */
const ROUND = /^roundAt\.(\d{1,9})$/;

/** When each round after the first began, ms of Redis' clock. */
export async function roundTimes({ redis, keys }: Ledger, batch: string) {
  const record = await redis.hgetall(keys.record(batch));
  return Object.entries(record)
    .flatMap(([name, at]) => {
      const round = ROUND.exec(name)?.[1];
      return round === undefined ? [] : { round: Number(round), at: Number(at) };
    })
    .sort((a, b) => a.round - b.round);
}
