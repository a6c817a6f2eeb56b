import { continueHeldBack } from '../../actions/continue-batch.ts';
import { counted } from '../../count.ts';
import type { Io } from '../io.ts';
import { type ChangeFlags, changeBatch } from './change.ts';

/** `onboard continue BATCH`: the people whom a submission with a limit held back. */
export function continueCommand(io: Io, batch: string, flags: ChangeFlags): Promise<number> {
  return changeBatch(io, { batch, flags }, async (acting) => {
    const opened = await continueHeldBack(acting, batch);
    return `continuing with ${counted(opened, 'person', 'people')}`;
  });
}
