import { PortalError } from '../http/portal-exceptions.ts';
import { emptyReply, pageReply, type Reply, successReply } from '../http/replies.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import { isPaid } from '../people/accounts.ts';
import { viewOf } from '../people/profiles.ts';
import type { Portal } from '../stand-in-portal.ts';
import { readGroupChange, readMembers, readNewGroup } from './group-forms.ts';
import type { Group } from './group-records.ts';
import { groupSummaries } from './group-summaries.ts';
import { groupView, mayJoin } from './group-views.ts';
import { roleAfterJoining, systemGroup } from './system-groups.ts';

/** GET /group (P-GROUP-04). */
export function listGroups(exchange: Exchange): Reply {
  checkReader(exchange);
  const wanted = (exchange.url.searchParams.get('filterValue') ?? '').toLowerCase();
  const found = exchange.portal.groups
    .all()
    .filter((group) => group.name.toLowerCase().includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const view = viewOf(exchange);
  return pageReply(exchange, found, (group) => groupView(group, view, false));
}

/** GET /group/{id} (P-GROUP-05). */
export function readGroup(exchange: Exchange): Reply {
  checkReader(exchange);
  return shown(exchange, groupOf(exchange));
}

/** GET /group/user/{id} (P-GROUP-10). */
export function readGroupsOfPerson(exchange: Exchange): Reply {
  checkReader(exchange);
  const { portal, parameter = '', link } = exchange;
  return successReply(link, groupSummaries(portal, parameter));
}

/** POST /group (P-GROUP-01 to P-GROUP-03). */
export function createGroup(exchange: Exchange): Reply {
  const { portal, body } = exchange;
  const form = readNewGroup(body);
  checkEditor(exchange);
  const manager = form.groupManager === undefined ? [] : [form.groupManager];
  for (const id of [...manager, ...form.members]) {
    if (mayJoin(portal.accounts.get(id))) continue;
    throw new PortalError('badArgument', portal.texts.personNotFound);
  }
  const group = portal.groups.add(stored(form.groupName));
  appoint(portal, group, form.groupManager);
  addAll(portal, group, form.members);
  return shown(exchange, group);
}

/** PUT /group/{id} (P-GROUP-09). */
export function changeGroup(exchange: Exchange): Reply {
  const { portal } = exchange;
  const form = readGroupChange(exchange.body);
  checkEditor(exchange);
  const group = groupOf(exchange);
  if (form.groupName !== undefined) group.name = stored(form.groupName);
  appoint(portal, group, form.groupManager);
  addAll(portal, group, form.membersToAdd);
  for (const id of form.membersToRemove) portal.groups.leave(group, id.toLowerCase());
  return shown(exchange, group);
}

/** PUT /group/{id}/members: adds (P-GROUP-06). */
export function addMembers(exchange: Exchange): Reply {
  const members = readMembers(exchange.body);
  checkEditor(exchange);
  const group = groupOf(exchange);
  addAll(exchange.portal, group, given(members));
  return shown(exchange, groupOf(exchange));
}

/** POST /group/{id}/members: replaces (P-GROUP-07). */
export function replaceMembers(exchange: Exchange): Reply {
  const members = readMembers(exchange.body);
  checkEditor(exchange);
  const group = groupOf(exchange);
  for (const id of [...group.members]) exchange.portal.groups.leave(group, id);
  addAll(exchange.portal, group, given(members));
  return shown(exchange, groupOf(exchange));
}

/** DELETE /group/{id}/members (P-GROUP-08). */
export function removeMembers(exchange: Exchange): Reply {
  const members = readMembers(exchange.body);
  checkEditor(exchange);
  const group = groupOf(exchange);
  for (const id of given(members)) exchange.portal.groups.leave(group, id.toLowerCase());
  return emptyReply(204);
}

/** DELETE /group/{id} (P-GROUP-08). */
export function deleteGroup(exchange: Exchange): Reply {
  checkEditor(exchange);
  exchange.portal.groups.remove(groupOf(exchange));
  return emptyReply(204);
}

/** Groups are read by RoomAdmins and DocSpaceAdmins, and changed by DocSpaceAdmins. */
function checkReader(exchange: Exchange): void {
  if (!isPaid(callerOf(exchange).owner.role)) throw new PortalError('notAuthorized');
}

function checkEditor(exchange: Exchange): void {
  if (callerOf(exchange).owner.role !== 'DocSpaceAdmin') throw new PortalError('notAuthorized');
}

function groupOf({ portal, parameter = '' }: Exchange): Group {
  const group = portal.groups.get(parameter) ?? systemGroup(portal.accounts, parameter);
  if (group !== undefined) return group;
  throw new PortalError('notFound', 'group not found');
}

function shown(exchange: Exchange, group: Group): Reply {
  const hasMembers = exchange.url.searchParams.get('includeMembers')?.toLowerCase() !== 'false';
  return successReply(exchange.link, groupView(group, viewOf(exchange), hasMembers));
}

/** The column has three bytes a letter: any other becomes a question mark (P-GROUP-02). */
function stored(name: string): string {
  return name.replace(/[\u{10000}-\u{10ffff}]/gu, '?');
}

function given(members: readonly string[] | undefined): readonly string[] {
  if (members === undefined) throw new PortalError('nullReference');
  return members;
}

function appoint(portal: Portal, group: Group, id: string | undefined): void {
  const account = id === undefined ? undefined : portal.accounts.get(id);
  if (!mayJoin(account)) return;
  group.managerId = account.id;
  addAll(portal, group, [account.id]);
}

/** Adds accounts; unknown ids are ignored (P-GROUP-06). A system group changes the role instead. */
function addAll({ accounts, groups }: Portal, group: Group, ids: readonly string[]): void {
  const isOwn = groups.get(group.id) !== undefined;
  for (const account of ids.map((id) => accounts.get(id)).filter(mayJoin)) {
    if (isOwn) groups.join(group, account.id);
    else accounts.change(account, { role: roleAfterJoining(account, group.id), isHalfMade: false });
  }
}
