import { type RoleChange, type RolesSet, setRoles } from '../../actions/set-roles.ts';
import { counted } from '../../count.ts';
import { requireBatch } from '../../ledger/batch/require-batch.ts';
import { jsonText, line } from '../../printable.ts';
import { withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openStored } from '../open/ledger-store.ts';
import { openPortal } from '../open/portal-client.ts';
import { actingOf, addQueues } from '../open/store.ts';

type SetRolesFlags = { json?: boolean; dryRun?: boolean };

/**
 * `onboard set-roles BATCH`: gives accounts the role that was asked for them. Exit status 3 when
 * some keep another role.
 */
export function setRolesCommand(io: Io, batch: string, flags: SetRolesFlags): Promise<number> {
  return withContext(io, { needs: ['portal', 'key'] }, async (context) => {
    const store = await addQueues(context, await openStored(context, batch));
    await requireBatch(store.ledger, batch);
    const { origin } = context.config.portalUrl;
    const pauseMs = io.timings.rolePauseMs;
    const portal = { portal: openPortal(context), origin, signal: io.interrupt, pauseMs };
    const { dryRun } = flags;
    const result = await setRoles(actingOf(context, store), batch, { portal, dryRun });
    io.stdout.write(flags.json ? `${jsonText(result)}\n` : rolesText(result, dryRun === true));
    return result.left.length > 0 ? exit.someFailed : exit.ok;
  });
}

function rolesText({ set, left }: RolesSet, isDryRun: boolean): string {
  if (set.length + left.length === 0) return 'every account has the role that was asked for\n';
  const done = isDryRun ? 'would be set' : 'set';
  const lines = [
    `${counted(set.length, 'role', 'roles')} ${done}, ${left.length} left as they are`,
    ...set.map((change) => changeText(change, isDryRun)),
    ...left.map((change) => changeText(change, isDryRun)),
  ];
  return `${lines.join('\n')}\n`;
}

function changeText(change: RoleChange, isDryRun: boolean): string {
  const { place, email, asked, role, reason } = change;
  const who = line`  ${place} ${email}`;
  if (reason !== null) return line`${who}: ${role ?? 'unknown'}, asked ${asked}: ${reason}`;
  return isDryRun && role !== asked
    ? line`${who}: ${role ?? 'unknown'} to ${asked}`
    : line`${who}: ${asked}`;
}
