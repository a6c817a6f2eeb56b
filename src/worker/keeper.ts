import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '../actor.ts';
import { announce } from '../batch/announce.ts';
import { mend } from '../batch/mend.ts';
import { type Retention, retain } from '../batch/retain.ts';
import { messageOf } from '../errors.ts';
import { batchIds } from '../ledger/batches.ts';
import { readHold } from '../ledger/holds.ts';
import { takeTurn } from '../ledger/looks.ts';
import type { WorkerDeps } from './deps.ts';
import type { RunningWorkers } from './worker.ts';

/**
 * Dependencies that one such look goes through, over all batches that stand still: 20,000 commands,
 * 0.1 s of Redis' time. A batch that moves costs about ten commands.
 */
const DEPENDENCIES_A_LOOK = 10_000;

export interface KeeperSettings {
  workers: RunningWorkers;
  retention: Retention;
  /** Whose process this is, for the action log. */
  by: Actor;
  now: () => number;
  /** Names this keeper in the locks of the batches that it mends; random. */
  token: string;
}

/**
 * The periodic look of every worker process: share the concurrency among the processes that are
 * there now, purge what is older than the retention, queue notices that a crash left behind, and, in
 * one of the processes at a time, mend batches that cannot come to their end. Returns how to stop it.
 */
export function startKeeper(deps: WorkerDeps, settings: KeeperSettings): () => Promise<void> {
  const stopping = new AbortController();
  const { keeperIntervalMs, keeperStopMs } = deps.timings;
  const looks = [
    () => tend(deps, settings, stopping.signal),
    () => announce(deps),
    () => mendAll(deps, settings, stopping.signal),
  ];
  const repeated = looks.map((look) => {
    let running: Promise<void> | undefined;
    const round = () => {
      // A look that lasts longer than the interval is not joined by a second one.
      running ??= look()
        .catch((error: unknown) => {
          if (stopping.signal.aborted) return;
          deps.logger.warn({ reason: messageOf(error) }, 'keeper could not look');
        })
        .finally(() => {
          running = undefined;
        });
    };
    round();
    const timer = setInterval(round, keeperIntervalMs);
    return { timer, ended: () => running };
  });
  return async () => {
    stopping.abort();
    for (const { timer } of repeated) clearInterval(timer);
    const ended = Promise.all(repeated.map((each) => each.ended()));
    await Promise.race([ended, pause(keeperStopMs, undefined, { ref: false })]);
  };
}

async function tend(
  deps: WorkerDeps,
  settings: KeeperSettings,
  signal: AbortSignal,
): Promise<void> {
  await settings.workers.share();
  const producer = { ...deps, token: `${settings.token}.retention`, signal };
  const { retention, now } = settings;
  const by = { ...settings.by, name: 'retention' };
  for (const { batchId, what } of await retain(producer, { by, retention, now: now() })) {
    deps.logger.info({ batchId, what }, 'removed after its retention');
  }
}

/** Oldest first, because the queue works batches in turn: the oldest is missed first. */
async function mendAll(
  deps: WorkerDeps,
  settings: KeeperSettings,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, logger } = deps;
  // Under a hold the queues are paused: nothing moves, and nothing is wrong with that.
  if ((await readHold(ledger)) !== undefined) return;
  if (!(await takeTurn(ledger, deps.timings.repairEveryMs))) return;
  const look = { budget: { left: DEPENDENCIES_A_LOOK }, remembers: true };
  const producer = { ...deps, token: settings.token, signal };
  for (const batchId of (await batchIds(ledger)).reverse()) {
    if (signal.aborted) return;
    try {
      const found = await mend(producer, batchId, look);
      for (const code of found) logger.warn({ batchId, code }, 'batch mended');
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ batchId, reason: messageOf(error) }, 'keeper could not mend');
    }
  }
}
