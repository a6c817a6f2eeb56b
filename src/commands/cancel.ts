import { cancel } from '../batch/cancel.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { type ChangeFlags, changeBatch, confirm, counted } from './change.ts';
import type { Io } from './io.ts';

export interface CancelFlags extends ChangeFlags {
  invite: boolean;
  yes?: boolean;
}

/** `onboard cancel BATCH`: stops a batch for good, after saying what that means. */
export function cancelCommand(io: Io, batch: string, flags: CancelFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async ({ producer, act }) => {
    const report = await reportOf(producer.ledger, batch, Date.now());
    await confirm(io, warning(report, flags), flags.yes);
    const { invite } = flags;
    const doing = { action: 'cancel' as const, details: { invite }, told: counted('cancelled') };
    const cancelled = await act(doing, () => cancel(producer, batch, { invite }));
    return `cancelled ${cancelled} people; requests that are under way end`;
  });
}

function warning(report: Report, { invite }: CancelFlags): string {
  const { batchId, pending, created, invited } = report;
  const left = created - invited;
  const fate = invite ? 'are invited' : 'stay on the portal without an invite';
  return `Cancel batch ${batchId}? ${pending} people are not created any more; ${left} who have been created ${fate}.`;
}
