import { counted, grouped } from '../../count.ts';
import type { PlanRecord } from '../uploads/plan-record.ts';
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
  const invite = options.inviteHeld
    ? 'The invite waits until somebody releases it.'
    : `${counted(estimate.invites, 'invite request follows', 'invite requests follow')}, whose mails cannot be taken back.`;
  return (
    <>
      <p>
        {people(accepted)} from <bdi>{files.join(', ')}</bdi>, uploaded by <bdi>{by.name}</bdi>, get
        an account on <bdi>{portal ?? 'the portal'}</bdi>: {roles.join(', ')}. {invite}
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
