import { withoutAddresses } from '../../../privacy/redact.ts';
import { may, type Role } from '../../auth/roles.ts';

interface SaidProps {
  /** Words of the portal; undefined where it said nothing. */
  text: string | undefined;
  role: Role;
}

/** A sentence of the portal. It can name people: a viewer sees none, and nobody an address. */
export function Said({ text, role }: SaidProps) {
  if (text === undefined || text === '' || !may(role, 'show-people')) return null;
  return <bdi>{withoutAddresses(text)}</bdi>;
}

/** The same below a banner, with who says it. */
export function PortalSays({ text, role }: SaidProps) {
  if (text === undefined || text === '' || !may(role, 'show-people')) return null;
  return (
    <span class="said">
      The portal says:{' '}
      <q>
        <Said text={text} role={role} />
      </q>
    </span>
  );
}
