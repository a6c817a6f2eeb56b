import { type Account, activationStatus, employeeStatus } from './accounts.ts';
import { conversionError } from './body.ts';
import { callerOf, type Exchange, viewOf } from './exchange.ts';
import { Fields } from './fields.ts';
import { accessDenied, nullArgument } from './portal-errors.ts';
import { fullProfile } from './profiles.ts';
import { type Reply, successReply } from './replies.ts';

/** PUT /people/invite: the invite mail again for those still pending (P-INVITE-10). */
export function resendInvites(exchange: Exchange): Reply {
  const { portal } = exchange;
  const accounts = chosen(exchange);
  for (const account of accounts) {
    if (isAwaited(account)) portal.journal.mailed(account.email, 'invite');
  }
  const view = viewOf(exchange);
  const response = accounts.map((account) => fullProfile(account, view));
  // The list is streamed, which the envelope counts as one (P-SUCCESS-02).
  return successReply(exchange.link, response, 1);
}

function isAwaited(account: Account): boolean {
  const isTerminated = account.status === employeeStatus.terminated;
  return account.activationStatus === activationStatus.pending && !isTerminated;
}

function chosen(exchange: Exchange): Account[] {
  const { portal, body } = exchange;
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.UpdateMembersRequestDto');
  const userIds = fields.guids('userIds');
  const resendAll = fields.raw('resendAll') ?? false;
  if (typeof resendAll !== 'boolean') throw conversionError('$.resendAll', 'System.Boolean');
  const caller = callerOf(exchange).account;
  const isMember = caller.role === 'User' || caller.role === 'Guest';
  if (isMember && (resendAll || userIds?.some((id) => id.toLowerCase() !== caller.id))) {
    throw accessDenied();
  }
  if (resendAll) return portal.accounts.pending();
  if (userIds === undefined) throw nullArgument('source');
  return userIds.flatMap((id) => portal.accounts.get(id) ?? []);
}
