import { PortalError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { Fields } from '../http/request-fields.ts';
import { callerOf, type Exchange, viewOf } from '../http/server-exchange.ts';
import { type Account, activationStatus, employeeStatus } from './accounts.ts';
import { fullProfile } from './profiles.ts';

/** PUT /people/invite: sends the invite mail again to pending people (P-INVITE-10). */
export function resendInvites(exchange: Exchange): Reply {
  const { portal } = exchange;
  const accounts = chosen(exchange);
  for (const account of accounts) {
    if (isAwaited(account)) portal.journal.mailed(account.email, 'invite');
  }
  const view = viewOf(exchange);
  const response = accounts.map((account) => fullProfile(account, view));
  // A streamed list counts as one (P-SUCCESS-02).
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
  const resendAll = fields.flag('resendAll');
  const caller = callerOf(exchange).account;
  const isMember = caller.role === 'User' || caller.role === 'Guest';
  if (isMember && (resendAll || userIds?.some((id) => id.toLowerCase() !== caller.id))) {
    throw new PortalError('accessDenied');
  }
  if (resendAll) return portal.accounts.pending();
  if (userIds === undefined) throw new PortalError('nullArgument', 'source');
  return userIds.flatMap((id) => portal.accounts.get(id) ?? []);
}
