import type { GateCode } from '../gates.ts';
import { isOver } from '../ledger/batch/batch-state.ts';
import type { Numbers } from '../ledger/batch/numbers.ts';
import { isStuck } from '../ledger/invites/gate.ts';
import { givenUpNotifications } from '../queue/delivery-state.ts';
import type { Readable } from './overview.ts';
import { countRetryable } from './remedies.ts';

/** Something that waits for a person. Kinds that are not gates do so until somebody acts, or never. */
export interface Need {
  kind: 'gate' | 'limit' | 'failed' | 'incomplete' | 'notification-given-up' | 'roles' | 'unmailed';
  batch: string;
  /** People whom it is about: to invite, held back, failed, recorded so far, created otherwise. */
  people: number;
  gate?: GateCode;
  /** Failed people who can be retried as they are. */
  retryable?: number;
}

/** The most urgent first: an invite that stands still, then people who have no account. */
const URGENCY: readonly Need['kind'][] = [
  'gate',
  'limit',
  'incomplete',
  'failed',
  'notification-given-up',
  'roles',
  'unmailed',
];

/**
 * Everything that waits for a person in these batches, the most urgent first and in their order among
 * equals; derived from their numbers, which are read already.
 */
export async function needsIn(
  { queues }: Pick<Readable, 'queues'>,
  numbers: readonly Numbers[],
  incomplete: readonly string[],
): Promise<Need[]> {
  const givenUp = await givenUpNotifications(queues);
  const needs = numbers.flatMap((each) => {
    const { batchId } = each.report;
    return needsOf(each, {
      isIncomplete: incomplete.includes(batchId),
      isGivenUp: givenUp.has(batchId),
    });
  });
  return needs.sort((a, b) => urgencyOf(a) - urgencyOf(b));
}

/** An invite that the portal did not take comes before one that somebody held back. */
function urgencyOf({ kind, gate }: Need): number {
  return URGENCY.indexOf(kind) + (gate === undefined || isStuck({ code: gate }) ? 0 : 0.5);
}

interface Findings {
  isIncomplete: boolean;
  isGivenUp: boolean;
}

function needsOf({ report, causes }: Numbers, { isIncomplete, isGivenUp }: Findings): Need[] {
  const { batchId: batch, gate, failed, created, existing } = report;
  const needs: Need[] = [];
  const add = (need: Omit<Need, 'batch'>) => needs.push({ batch, ...need });
  // A gate with a time opens by itself.
  if (gate !== null && (gate.until === null || isStuck(gate))) {
    add({
      kind: 'gate',
      people: report.created - report.invited - report.notInvitable,
      gate: gate.code,
    });
  }
  if (report.state === 'waiting') add({ kind: 'limit', people: report.pending });
  if (isIncomplete) add({ kind: 'incomplete', people: report.accepted });
  const canRetry = report.peopleRemovedAt === null && (isOver(report) || gate !== null);
  if (canRetry && failed > 0) {
    add({ kind: 'failed', people: failed, retryable: countRetryable(causes) });
  }
  if (isGivenUp) add({ kind: 'notification-given-up', people: created + existing });
  if (report.otherRole > 0) add({ kind: 'roles', people: report.otherRole });
  if (report.unmailed > 0) add({ kind: 'unmailed', people: report.unmailed });
  return needs;
}
