import { cancelBatch } from '../../actions/cancel-batch.ts';
import { counted } from '../../count.ts';
import { type Report, reportOf } from '../../ledger/batch/numbers.ts';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import type { Io } from '../io.ts';
import { type ChangeFlags, changeBatch } from './change.ts';
import { confirm } from './confirm.ts';

export interface CancelFlags extends ChangeFlags {
  invite: boolean;
  yes?: boolean;
}

/** `onboard cancel BATCH`: stops a batch permanently, after saying what that means. */
export function cancelCommand(io: Io, batch: string, flags: CancelFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    const { ledger } = acting.producer;
    await requireBatch(ledger, batch);
    const report = await reportOf(ledger, batch, Date.now());
    await confirm(io, warning(report, flags), flags.yes);
    const cancelled = await cancelBatch(acting, batch, { invite: flags.invite });
    return `cancelled ${counted(cancelled, 'person', 'people')}; running requests finish`;
  });
}

function warning({ batchId, pending, created, invited }: Report, { invite }: CancelFlags): string {
  const left = created - invited;
  const fate = invite ? 'will be invited' : 'will stay on the portal without an invite';
  return `Cancel batch ${batchId}? ${counted(pending, 'person', 'people')} will not be created; the ${left} already created ${fate}.`;
}
