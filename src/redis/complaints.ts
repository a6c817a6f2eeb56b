import type { Logger } from '../process/logger.ts';
import { answerOf, refusalOf, storeTrouble } from './trouble.ts';

interface Settings {
  logger: Logger;
  /** A complaint that repeats is logged at most this often, ms. */
  repeatMs: number;
  /** ms since the epoch. */
  now: () => number;
}

export type Complaints = ReturnType<typeof createComplaints>;

/** After this many intervals without a refusal, Redis has recovered. */
const RECOVERED = 2;

/**
 * Logs what Redis and its connections report. A refusal, and a loss of one kind, is logged once in
 * `repeatMs` with their number since the last line: a worker without a right wrote 20,000 lines a
 * second. Of an error the text alone is logged, because ioredis attaches the whole command to it.
 */
export function createComplaints({ logger, repeatMs, now }: Settings) {
  const counted = new Map<string, { loggedAt: number; since: number }>();
  const listeners: ((error: Error) => void)[] = [];
  let last: { error: Error; at: number } | undefined;
  /** The number of errors since the last line; undefined when none is due. */
  const due = (kind: string): number | undefined => {
    const { loggedAt, since } = counted.get(kind) ?? {
      loggedAt: Number.NEGATIVE_INFINITY,
      since: 0,
    };
    const isDue = now() - loggedAt >= repeatMs;
    counted.set(kind, isDue ? { loggedAt: now(), since: 0 } : { loggedAt, since: since + 1 });
    return isDue ? since + 1 : undefined;
  };
  return {
    /** `what` is the line for an error that is no refusal. */
    about(error: Error, what: string, fields: object = {}): void {
      const refusal = refusalOf(error);
      if (refusal !== undefined) last = { error, at: now() };
      const kind = refusal ?? (storeTrouble(error) && what);
      const count = kind === undefined ? undefined : due(kind);
      if (kind !== undefined && count === undefined) return;
      const reason = answerOf(error);
      if (refusal === undefined) logger.warn({ ...fields, reason, count }, what);
      else logger.warn({ ...fields, refusal, reason, count }, 'redis refuses to work');
      if (refusal === undefined) return;
      for (const listener of listeners) listener(error);
    },
    /** Keeps a refusal for `latest` that somebody else reports. */
    remember(error: unknown): void {
      if (error instanceof Error && refusalOf(error)) last = { error, at: now() };
    },
    /** Calls `listener` with each refusal that is logged. */
    onRefusal(listener: (error: Error) => void): void {
      listeners.push(listener);
    },
    /** The last refusal, unless Redis has worked since: none for two intervals. */
    latest(): Error | undefined {
      return last !== undefined && now() - last.at < RECOVERED * repeatMs ? last.error : undefined;
    },
  };
}
