import { PortalError, ValidationError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { Fields } from '../http/request-body.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import { type Account, employeeStatus, isPaid } from './accounts.ts';
import { employeeType, parseEmployeeType, roleOf } from './employee-type.ts';
import { fullProfile, viewOf } from './profiles.ts';

/** PUT /people/type/{type}: one account after the other, without a transaction (P-TYPE-01). */
export function changeTypes(exchange: Exchange): Reply {
  const { portal } = exchange;
  const type = typeOf(exchange.parameter ?? '');
  const dto = 'ASC.People.ApiModels.RequestDto.UpdateMembersRequestDto';
  const userIds = new Fields(exchange.body, '$', dto).guids('userIds');
  const caller = callerOf(exchange).owner;
  checkCaller(caller, type);
  if (userIds === undefined) throw new PortalError('nullArgument', 'source');
  const accounts = userIds.flatMap((id) => portal.accounts.get(id) ?? []).filter(isThere);
  const changed = accounts.map((account) => changeType(portal, account, { type, caller }));
  const view = viewOf(exchange);
  // A streamed list counts as one (P-SUCCESS-02).
  return successReply(
    exchange.link,
    changed.map((one) => fullProfile(one, view)),
    { count: 1 },
  );
}

function isThere(account: Account): boolean {
  return account.status !== employeeStatus.terminated;
}

function typeOf(text: string): number {
  const type = parseEmployeeType(text);
  if (type !== undefined) return type;
  throw new ValidationError({ type: [`The value '${text}' is not valid.`] });
}

function checkCaller(caller: Account, type: number): void {
  const isAllowed = caller.role === 'RoomAdmin' && type === employeeType.User;
  if (caller.role !== 'DocSpaceAdmin' && !isAllowed) throw new PortalError('notAuthorized');
  const isForOwner = type === employeeType.DocSpaceAdmin && !caller.isOwner;
  if (isForOwner) throw new PortalError('accessDenied');
}

/** Owner and caller stay as they are; an account without its group is refused (P-TYPE-02). */
function changeType(
  { accounts, conditions, texts }: Portal,
  account: Account,
  { type, caller }: { type: number; caller: Account },
): Account {
  const role = roleOf(type);
  if (account.isOwner || account.id === caller.id || account.role === role) return account;
  if (account.isHalfMade) throw new PortalError('accessDenied');
  const isFull = accounts.paidSeats >= conditions.limits.adminSeats;
  if (isPaid(role) && !isPaid(account.role) && isFull) {
    throw new PortalError('overQuota', texts.adminsExceeded(1, 0));
  }
  return accounts.changeRole(account, role);
}
