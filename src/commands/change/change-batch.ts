import {
  type Acting,
  cancelBatch,
  continueHeldBack,
  releaseInvite,
  retryPeople,
} from '../../actions/batch-actions.ts';
import { counted } from '../../count.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import { type Report, reportOf } from '../../ledger/batch/numbers.ts';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import { jsonText, line } from '../../printable.ts';
import { givenAddresses } from '../given-addresses.ts';
import { exit, type Io } from '../io.ts';
import { actingOf, type Store, withStored } from '../open/store.ts';
import { reportText } from '../text/report-text.ts';
import { confirm } from './confirm.ts';

type ChangeFlags = { json?: boolean };
type CancelFlags = ChangeFlags & { invite: boolean; yes?: boolean };
type RetryFlags = ChangeFlags & { reason?: string[]; email?: string[] };

/** `onboard cancel BATCH`: stops a batch permanently, after saying what that means. */
export function cancelCommand(io: Io, batch: string, flags: CancelFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    const { ledger } = acting.producer;
    await requireBatch(ledger, batch);
    const report = await reportOf(ledger, batch, Date.now());
    await confirm(io, cancelWarning(report, flags), flags.yes);
    const cancelled = await cancelBatch(acting, batch, { invite: flags.invite });
    return `cancelled ${counted(cancelled, 'person', 'people')}; running requests finish`;
  });
}

function cancelWarning(report: Report, { invite }: CancelFlags): string {
  const { batchId, pending, created, invited } = report;
  const left = created - invited;
  const fate = invite ? 'will be invited' : 'will stay on the portal without an invite';
  return `Cancel batch ${batchId}? ${counted(pending, 'person', 'people')} will not be created; the ${left} already created ${fate}.`;
}

/** `onboard retry BATCH`: failed and cancelled people as a new round. */
export async function retryCommand(io: Io, batch: string, flags: RetryFlags): Promise<number> {
  const emails = flags.email && (await givenAddresses(io, flags.email));
  return changeBatch(io, { batch, flags }, async (acting) => {
    const onUnknown = (masked: string[]) => void io.stderr.write(unknownText(masked));
    const opened = await retryPeople(acting, batch, { reasons: flags.reason, emails, onUnknown });
    return opened === 0
      ? 'nobody matched: nothing was changed'
      : `retrying ${counted(opened, 'person', 'people')}`;
  });
}

/** Unknown addresses that are named, at most. */
const NAMED = 10;

function unknownText(masked: readonly string[]): string {
  const more = masked.length > NAMED ? ', …' : '';
  const many = masked.length === 1 ? '1 address is' : `${masked.length} addresses are`;
  const named = line`${masked.slice(0, NAMED).join(', ')}`;
  return `${many} of nobody who failed in this batch: ${named}${more}\n`;
}

/** `onboard continue BATCH`: the people whom a submission with a limit held back. */
export function continueCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    const opened = await continueHeldBack(acting, batch);
    return `continuing with ${counted(opened, 'person', 'people')}`;
  });
}

const inviteSentences = {
  'sent-next': 'the invite is sent now',
  'after-the-rest': 'the invite is sent as soon as every person is settled',
  'nobody-left': 'nobody is left to invite',
};

/** `onboard invite BATCH`: releases an invite that was held back. */
export function inviteCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    return inviteSentences[await releaseInvite(acting, batch)];
  });
}

/**
 * Runs a verb that changes a batch, from any machine, and prints the sentence that `change`
 * returns; with `--json`, the report of the batch instead.
 */
function changeBatch(
  io: Io,
  { batch, flags }: { batch: string; flags: ChangeFlags },
  change: (acting: Acting) => Promise<string>,
): Promise<number> {
  return withStored(io, batch, async (context, store) => {
    const sentence = await change(actingOf(context, store));
    const report = await reportOf(store.ledger, batch, Date.now());
    if (flags.json) io.stdout.write(`${jsonText(report)}\n`);
    else io.stdout.write(`${sentence}\n${reportText(report)}`);
    io.stderr.write(await workerHint(store, report));
    return exit.ok;
  });
}

/** A change that leaves work is worth nothing without a worker. */
async function workerHint({ queues }: Store, report: Report): Promise<string> {
  if (isOver(report) || (await queues.createUser.getWorkersCount()) > 0) return '';
  return 'no worker is running: start one with onboard worker\n';
}
