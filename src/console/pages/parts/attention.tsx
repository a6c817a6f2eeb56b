import { counted } from '../../../count.ts';
import { may, type Role } from '../../auth/roles.ts';
import type { Report } from '../../state-word.ts';

/** Accounts that are not as they were asked for; nothing where all are. */
export function Attention({ report, role }: { report: Report; role: Role }) {
  const { batchId, otherRole, otherRoleBefore, groupsMissing, unmailed, notInvitable } = report;
  const lines = [
    [otherRole, 'account has', 'accounts have', 'another role than asked', 'role-differs'],
    [
      otherRoleBefore,
      'account that existed has',
      'accounts that existed have',
      'another role than asked, and were left alone',
      'role-differs',
    ],
    [groupsMissing, 'person is', 'people are', 'not in every group', 'groups-missing'],
    [unmailed, 'person has', 'people have', 'perhaps had no activation mail', 'unmailed'],
    [notInvitable, 'person is', 'people are', 'left out of the invite', 'not-invitable'],
  ] as const;
  const shown = lines.filter(([count]) => count > 0);
  if (shown.length === 0) return null;
  return (
    <section class="card">
      <h2>Needs attention</h2>
      <ul class="list">
        {shown.map(([count, one, many, what, mark]) => (
          <li>
            <div>
              {counted(count, one, many)} {what}{' '}
              <a href={`/batches/${batchId}/rows?mark=${mark}`} aria-label={`Show: ${what}`}>
                show
              </a>
            </div>
          </li>
        ))}
      </ul>
      {otherRole > 0 && may(role, 'set-roles') ? (
        <p>
          <a class="button" href={`/batches/${batchId}/set-roles`}>
            Set roles…
          </a>
        </p>
      ) : null}
    </section>
  );
}
