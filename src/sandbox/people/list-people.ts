import { PortalError } from '../http/portal-exceptions.ts';
import { pageReply, type Reply } from '../http/replies.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import { type Account, employeeStatus, isPaid } from './accounts.ts';
import { fullProfile, viewOf } from './profiles.ts';

/**
 * GET /people and GET /people/filter: active and pending people in full, at most 100 a page
 * (P-LIST-01). One account with a malformed culture breaks its page (P-CREATE-14).
 */
export function listPeople(exchange: Exchange): Reply {
  if (!isPaid(callerOf(exchange).owner.role)) throw new PortalError('accessDenied');
  const { portal, url } = exchange;
  const wanted = (url.searchParams.get('filterValue') ?? '').toLowerCase();
  const isWanted = (one: Account): boolean =>
    one.status !== employeeStatus.terminated &&
    `${one.firstName} ${one.lastName} ${one.email}`.toLowerCase().includes(wanted);
  const view = viewOf(exchange);
  const people = [...portal.accounts.all()].filter(isWanted);
  return pageReply(exchange, people, (one) => fullProfile(one, view));
}
