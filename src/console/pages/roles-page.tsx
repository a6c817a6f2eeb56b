import type { RoleChange, RolesSet } from '../../actions/set-roles.ts';
import { counted } from '../../count.ts';
import type { Viewer } from '../auth/viewer.ts';
import { Confirm } from './parts/confirm.tsx';
import { Scroll } from './parts/scroll.tsx';

interface RolesProps {
  batch: string;
  roles: RolesSet;
  viewer: Viewer;
  /** Whether the roles are set; before, they would be. */
  isDone: boolean;
}

/** Accounts with another role than asked: before, and after somebody set it. */
export function RolesPage({ batch, roles, viewer, isDone }: RolesProps) {
  const { set, left } = roles;
  const back = `/batches/${batch}`;
  const many = counted(set.length, 'account', 'accounts');
  if (isDone || set.length === 0) {
    return (
      <>
        <h1>{isDone ? `${many} set` : 'No role is to be set'}</h1>
        <section class="card">
          <RoleTable changes={left} />
          <p>
            <a href={back}>
              Back to <bdi>{batch}</bdi>
            </a>
          </p>
        </section>
      </>
    );
  }
  return (
    <>
      <Confirm
        title={`Set the role of ${many}?`}
        action={`${back}/set-roles`}
        button={`Set ${many}`}
        viewer={viewer}
        back={back}
      >
        <p>
          Each gets the role that the list asked for. Accounts whose role somebody changed since are
          left alone.
        </p>
        <RoleTable changes={set} />
      </Confirm>
      {left.length === 0 ? null : (
        <section class="card">
          <h2>Left as they are</h2>
          <RoleTable changes={left} />
        </section>
      )}
    </>
  );
}

function RoleTable({ changes }: { changes: readonly RoleChange[] }) {
  if (changes.length === 0) return null;
  return (
    <Scroll label="Accounts">
      <table>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Account</th>
            <th scope="col">Asked</th>
            <th scope="col">Now</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ place, email, asked, role, reason }) => (
            <tr>
              <td>
                <bdi>{place}</bdi>
              </td>
              <td>
                <bdi>{email}</bdi>
              </td>
              <td>{asked}</td>
              <td>{role ?? 'unknown'}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
