import type { Producer } from '../batch/producer.ts';
import { pause, type Resumed, resume } from '../batch/stop-queues.ts';
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

/** Lifts the hold in force and ends the waits, for all workers, and returns them. */
export function resumeWorkers(parts: Parts, by: Actor): Promise<Resumed> {
  const result = ({ hold, waits }: Resumed) => ({
    lifted: hold?.code ?? 'nothing',
    ...(waits.length === 0 ? {} : { waits: waits.length }),
  });
  return logged(parts.ledger, { action: 'resume', by, result }, () => resume(parts));
}
