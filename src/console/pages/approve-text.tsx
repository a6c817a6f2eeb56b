import { counted, grouped } from '../../count.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
import { zoneText } from '../uploads/zone-moment.ts';
import { people } from './parts/words.ts';

interface ApproveProps {
  record: PlanRecord;
  portal: string | undefined;
  isHeld: boolean;
}

/** What an approval does, to whom, and what cannot be taken back. */
export function ApproveText({ record, portal, isHeld }: ApproveProps) {
  const { summary, options, files, by } = record;
  if (summary === undefined) return <p>This plan is not ready: go back to its page.</p>;
  const { accepted, rejected, types, estimate } = summary;
  const roles = Object.entries(types).map(([type, count]) => `${grouped(count)} ${type}`);
  return (
    <>
      <p>
        {people(accepted)} of <bdi>{files.join(', ')}</bdi>, uploaded by <bdi>{by.name}</bdi>,{' '}
        {accepted === 1 ? 'gets' : 'get'} an account on <bdi>{portal ?? 'the portal'}</bdi>:{' '}
        {roles.join(', ')}. {inviteText(options, estimate.invites)}
      </p>
      <p>
        {rejected > 0 ? `${counted(rejected, 'row stays', 'rows stay')} out. ` : ''}
        Accounts that are made stay; a batch can be cancelled for those who are not made yet.
      </p>
      {isHeld ? (
        <p class="muted">Work is held or paused now: it begins once somebody resumes.</p>
      ) : null}
    </>
  );
}

function inviteText(
  { inviteHeld, inviteAt, inviteZone = 'UTC' }: PlanRecord['options'],
  requests: number,
): string {
  if (inviteHeld) return 'The invite waits until somebody releases it.';
  const sent = counted(requests, 'invite request follows', 'invite requests follow');
  const when = inviteAt === undefined ? '' : ` at ${zoneText(inviteAt, inviteZone)}, not before`;
  return `${sent}${when}; its mails cannot be taken back.`;
}
