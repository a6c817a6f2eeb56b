import { type RetryFilter, retryPeople } from '../../actions/retry-rows.ts';
import { counted } from '../../count.ts';
import type { Io } from '../io.ts';
import { type ChangeFlags, changeBatch } from './change.ts';

export interface RetryFlags extends ChangeFlags {
  reason?: string[];
  email?: string[];
}

/** `onboard retry BATCH`: failed and cancelled people as a new round. */
export function retryCommand(io: Io, batch: string, flags: RetryFlags): Promise<number> {
  const filter: RetryFilter = { reasons: flags.reason, emails: flags.email };
  return changeBatch(io, { batch, flags }, async (acting) => {
    const opened = await retryPeople(acting, batch, filter);
    return opened === 0 ? 'nobody to retry' : `retrying ${counted(opened, 'person', 'people')}`;
  });
}
