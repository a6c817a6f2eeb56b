import type { Producer } from '../batch/producer.ts';
import { pause, resume } from '../batch/stop-queues.ts';
import { logged } from '../ledger/notes/action-log.ts';
import type { Hold } from '../ledger/stops/holds.ts';
import { type Actor, actorText } from '../process/actor.ts';

type Parts = Pick<Producer, 'ledger' | 'queues'>;

/** Stops all workers until somebody resumes. Returns the hold in force then. */
export function pauseWorkers(parts: Parts, by: Actor): Promise<Hold> {
  return logged(parts.ledger, { action: 'pause', by }, () =>
    pause(parts, { by: actorText(by), now: Date.now() }),
  );
}

/** Lifts the hold in force, for all workers, and returns it. */
export function resumeWorkers(parts: Parts, by: Actor): Promise<Hold | undefined> {
  const result = (lifted: Hold | undefined) => ({ lifted: lifted?.code ?? 'nothing' });
  return logged(parts.ledger, { action: 'resume', by, result }, () => resume(parts));
}
