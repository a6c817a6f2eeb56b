import { counted } from '../../../count.ts';
import type { BatchView } from '../../../overview/batch-view.ts';
import { people } from './words.ts';

type Entry = BatchView['activity'][number];

const deeds: Readonly<Record<Entry['action'], string>> = {
  submit: 'submitted the list',
  run: 'submitted and ran the list',
  pause: 'paused all work',
  resume: 'resumed all work',
  cancel: 'cancelled the batch',
  retry: 'retried people',
  continue: 'continued with the others',
  invite: 'released the invite',
  purge: 'purged the batch',
  'set-roles': 'set roles',
  'sign-in': 'signed in',
  'sign-in-failed': 'failed to sign in',
  'sign-out': 'signed out',
  download: 'downloaded people',
  'show-people': 'looked at people',
  find: 'searched a person',
  plan: 'uploaded a list',
  approve: 'approved the plan',
  discard: 'discarded the plan',
};

/** Every deed with its words, in the order of a list to choose from. */
export const deedWords: readonly (readonly [action: string, words: string])[] =
  Object.entries(deeds);

/** Words for a deed that follow the name of who did it. */
export function deedText({ action, outcome, code, details }: Entry): string {
  const done = numbered(action, details) ?? deeds[action];
  if (outcome === 'failed') return `${done}: refused (${code ?? 'E_INTERNAL'})`;
  return outcome === 'begun' ? `${done}: no end is known` : done;
}

function numbered(action: string, details: Entry['details']): string | undefined {
  const { opened, cancelled, set, what } = details;
  if (action === 'retry' && opened !== undefined) return `retried ${people(opened)}`;
  if (action === 'continue' && opened !== undefined) return `continued with ${people(opened)}`;
  if (action === 'cancel' && cancelled !== undefined) {
    return `cancelled the batch with ${people(cancelled)} left`;
  }
  if (action === 'purge' && what === 'people') return 'removed names and e-mails';
  if (action === 'set-roles' && set !== undefined) return `set ${counted(set, 'role', 'roles')}`;
  return undefined;
}
