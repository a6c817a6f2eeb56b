import { noteDeed } from '../../actions/note-deed.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ConsoleDeps } from '../console-deps.ts';

type Noting = Pick<ConsoleDeps, 'readable' | 'actingOf'>;

/** Records that people of a batch are about to be shown, or downloaded as `what`. */
export function noteShown(
  { readable, actingOf }: Noting,
  viewer: Viewer,
  { batch, what }: { batch?: string | undefined; what?: string },
): Promise<void> {
  const action = what === undefined ? 'show-people' : 'download';
  const { by } = actingOf(viewer);
  return noteDeed(readable.ledger, { action, by, batch, details: { what } });
}

/** Records that somebody was searched, without the address. */
export function noteFound({ readable, actingOf }: Noting, viewer: Viewer): Promise<void> {
  return noteDeed(readable.ledger, { action: 'find', by: actingOf(viewer).by });
}
