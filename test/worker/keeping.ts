import { createLogger } from '../../src/process/logger.ts';
import { type Timings, timings } from '../../src/timings.ts';
import { type KeeperSettings, startKeeper } from '../../src/worker/keeper.ts';
import { onRelease } from '../support/resources.ts';
import type { Stage } from '../support/stage.ts';

const DAY_MS = 86_400_000;

export interface Keeping {
  /** Its log, one JSON line each. */
  lines: string[];
  looks: () => number;
  /** The codes of its repairs. */
  repaired: () => string[];
  stop: () => Promise<void>;
}

/** Settings of a keeper with this retention of batches and people, in days. */
export function retaining(days: number): Pick<KeeperSettings, 'retention' | 'by'> {
  const kept = { batchesMs: days * DAY_MS, peopleMs: days * DAY_MS, logMs: 365 * DAY_MS };
  return { retention: kept, by: { user: 'worker', host: 'h1', pid: 1 } };
}

const often = { ...timings, keeperIntervalMs: 20, repairEveryMs: 20 };

/** The keeper of one process, with a run every 20 ms instead of every 15 s. */
export async function keep(
  stage: Stage,
  change: Partial<KeeperSettings> = {},
  waits: Partial<Timings> = {},
): Promise<Keeping> {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'warn', destination });
  let looks = 0;
  const now = () => {
    looks += 1;
    return Date.now();
  };
  const stop = startKeeper(stage.deps({ logger, timings: { ...often, ...waits } }), {
    ...retaining(30),
    now,
    token: 'keeper',
    ...change,
  });
  onRelease(stop);
  const repaired = () =>
    lines.flatMap((line) => {
      const { msg, code } = JSON.parse(line);
      return msg === 'batch repaired' ? [code] : [];
    });
  return { lines, looks: () => looks, repaired, stop };
}
