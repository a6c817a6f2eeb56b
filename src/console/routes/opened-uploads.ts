import { OnboardError } from '../../errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { OpenUploads } from '../uploads/uploads.ts';

/** @throws {OnboardError} E_PLAN_UNKNOWN where this console takes no lists */
export function openedUploads({ uploads }: Pick<ConsoleDeps, 'uploads'>): OpenUploads {
  if (uploads !== undefined && uploads.closed === undefined) return uploads;
  const why = uploads?.closed ?? 'this console takes no lists: open the plan where it was made';
  throw new OnboardError('E_PLAN_UNKNOWN', why);
}
