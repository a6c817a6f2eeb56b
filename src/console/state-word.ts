import type { BatchView } from '../overview/batch-view.ts';
import type { Overview } from '../overview/overview.ts';

/** A batch in numbers. */
export type Report = Overview['report'];

/** How a batch stands, in the words of the console. */
export interface StateWord {
  word: string;
  /** Decides the colour, which always stands beside the word. */
  tone: 'work' | 'wait' | 'hold' | 'done' | 'bad' | 'none';
}

/** Facts that decide the word beside the numbers. */
interface Around {
  /** Whether nobody reads on into a batch in intake. */
  isIncomplete: boolean;
  /** People of other batches who are worked before. */
  ahead: number;
  /** Waits of the portal that end by themselves. */
  waits: BatchView['overview']['waits'];
}

/** Limits of the portal that only the invite meets. */
const OF_INVITES = ['endpoint', 'invitations'];

/** The state of a batch in one to three words. */
export function stateWord(report: Report, around: Around): StateWord {
  switch (report.state) {
    case 'finished':
      return report.failed > 0
        ? { word: 'Finished with failures', tone: 'bad' }
        : { word: 'Finished', tone: 'done' };
    case 'cancelled':
      return { word: 'Cancelled', tone: 'none' };
    case 'waiting':
      return { word: 'Waits for you', tone: 'wait' };
    case 'intake':
      return around.isIncomplete
        ? { word: 'Incomplete', tone: 'wait' }
        : (stopped(report, around) ?? { word: 'Being submitted', tone: 'work' });
    case 'inviting':
      if (report.gate !== null) return { word: gateWord(report.gate.code), tone: 'wait' };
      return stopped(report, around) ?? { word: 'Inviting', tone: 'work' };
    case 'processing':
      return stopped(report, around) ?? working(around);
  }
}

/** The state of a batch on its page. */
export function batchState({ overview, isIncomplete, ahead }: BatchView): StateWord {
  return stateWord(overview.report, { isIncomplete, ahead, waits: overview.waits });
}

/** Whatever stops a batch: a hold before a portal that is away, and that before a limit. */
function stopped({ hold, state }: Report, { waits }: Around): StateWord | undefined {
  if (hold === null) {
    if (waits.some(({ kind }) => kind === 'outage')) return { word: 'Portal away', tone: 'wait' };
    const isLimited = waits.some(
      (wait) =>
        wait.kind === 'requested' && (state === 'inviting' || !OF_INVITES.includes(wait.code)),
    );
    return isLimited ? { word: 'Limited', tone: 'wait' } : undefined;
  }
  return hold === 'paused' ? { word: 'Paused', tone: 'wait' } : { word: 'Held', tone: 'hold' };
}

function working({ ahead }: Around): StateWord {
  return { word: ahead > 0 ? 'Waiting its turn' : 'Creating', tone: 'work' };
}

function gateWord(code: NonNullable<Report['gate']>['code']): string {
  return code === 'invite-at' ? 'Invites later' : 'Invite held back';
}

/** People of earlier batches who are worked before the first of this one. */
export function peopleAhead(report: Report, others: readonly Report[]): number {
  if (report.state !== 'processing' || report.pending < report.accepted) return 0;
  return others
    .filter(({ state, startedAt }) => state === 'processing' && startedAt < report.startedAt)
    .reduce((sum, { pending }) => sum + pending, 0);
}
