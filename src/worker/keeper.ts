import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from '../batch/announce.ts';
import { repair } from '../batch/repair.ts';
import { type Retention, retain } from '../batch/retain.ts';
import { messageOf } from '../errors.ts';
import { batchIds } from '../ledger/batch/batches.ts';
import { takeTurn } from '../ledger/notes/keeper-notes.ts';
import { readHold } from '../ledger/stops/holds.ts';
import type { Actor } from '../process/actor.ts';
import { storeTrouble } from '../redis/trouble.ts';
import { complaintsOf, type WorkerDeps } from './deps.ts';

/**
 * Dependencies that one keeper run inspects, over all batches that stand still: 20,000 commands,
 * 0.1 s of Redis' time. A batch that moves costs about ten commands.
 */
const DEPENDENCIES_A_RUN = 10_000;

export interface KeeperSettings {
  retention: Retention;
  /** The user of this process, for the action log. */
  by: Actor;
  now: () => number;
  /** Names this keeper in the locks of the batches that it repairs; random. */
  token: string;
}

/**
 * Starts the keeper of a worker process, which runs periodically: it purges what is older than the retention, queues notifications that a crash left
 * behind, and, in one of the processes at a time, repairs batches that cannot finish. Returns how
 * to stop it.
 */
export function startKeeper(deps: WorkerDeps, settings: KeeperSettings): () => Promise<void> {
  const stopping = new AbortController();
  const { keeperStopMs } = deps.timings;
  const { signal } = stopping;
  const duties = [
    () => tend(deps, settings, signal),
    () => announce(deps),
    () => repairAll(deps, settings, signal),
  ].map((duty) => repeat(deps, duty, signal));
  return async () => {
    stopping.abort();
    for (const { timer } of duties) clearInterval(timer);
    const ended = Promise.all(duties.map((duty) => duty.ended()));
    await Promise.race([ended, sleep(keeperStopMs, undefined, { ref: false })]);
  };
}

/** Runs a duty now and at every interval; a run that lasts longer is not joined by a second one. */
function repeat(deps: WorkerDeps, duty: () => Promise<void>, signal: AbortSignal) {
  const complaints = complaintsOf(deps);
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= duty()
      .catch((error: unknown) => {
        if (signal.aborted) return;
        if (error instanceof Error) complaints.about(error, 'keeper run failed');
        else deps.logger.warn({ reason: messageOf(error) }, 'keeper run failed');
      })
      .finally(() => {
        running = undefined;
      });
  };
  run();
  return { timer: setInterval(run, deps.timings.keeperIntervalMs), ended: () => running };
}

async function tend(
  deps: WorkerDeps,
  settings: KeeperSettings,
  signal: AbortSignal,
): Promise<void> {
  const producer = { ...deps, token: `${settings.token}.retention`, signal };
  const { retention, now } = settings;
  const by = { ...settings.by, name: 'retention' };
  for (const { batchId, what } of await retain(producer, { by, retention, now: now() })) {
    deps.logger.info({ batchId, what }, 'removed after its retention');
  }
}

/** Oldest first, because the queue works batches in turn. */
async function repairAll(
  deps: WorkerDeps,
  settings: KeeperSettings,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, logger } = deps;
  // Under a hold the queues are paused: nothing moves, and nothing is wrong with that.
  if ((await readHold(ledger)) !== undefined) return;
  if (!(await takeTurn(ledger, deps.timings.repairEveryMs))) return;
  const inspection = { budget: { left: DEPENDENCIES_A_RUN }, remembers: true };
  const producer = { ...deps, token: settings.token, signal };
  for (const batchId of (await batchIds(ledger)).reverse()) {
    if (signal.aborted) return;
    try {
      const found = await repair(producer, batchId, inspection);
      for (const code of found) logger.warn({ batchId, code }, 'batch repaired');
    } catch (error) {
      if (signal.aborted) return;
      // Trouble of Redis is not about a batch: the next one would meet it too.
      if (storeTrouble(error) !== undefined) throw error;
      logger.warn({ batchId, reason: messageOf(error) }, 'batch could not be repaired');
    }
  }
}
