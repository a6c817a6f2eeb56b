import type { Portal } from '../../portal/client.ts';
import type { Verdict } from '../../portal/verdict.ts';
import { stopsOthers } from '../pressure/portal-outcome.ts';
import type { RequestLimits } from './request-limits.ts';
import type { Turn } from './turns.ts';

/** The requests that workers send. */
export interface WorkerPortal
  extends Pick<
    Portal,
    | 'clock'
    | 'whoami'
    | 'ownSettings'
    | 'groups'
    | 'createGroup'
    | 'addGroupMembers'
    | 'invite'
    | 'resend'
  > {
  createPerson(
    person: Parameters<Portal['createPerson']>[0],
    turn?: Turn,
  ): ReturnType<Portal['createPerson']>;
  findByEmail(email: string, turn?: Turn): ReturnType<Portal['findByEmail']>;
}

/**
 * A portal whose requests, reads and invites included, count against the limits of this process. An
 * answer about a person that concerns everybody refuses the turns of others before its own place is
 * free: otherwise one more request would follow each 429.
 */
export function inTurn(portal: Portal, limits: RequestLimits): WorkerPortal {
  const heed = (verdict: Verdict<unknown>) => {
    if (stopsOthers(verdict)) limits.turnBack();
  };
  const aboutPerson = <T>(request: () => Promise<Verdict<T>>, turn: Turn | undefined) =>
    limits.run(request, turn, heed);
  const send = <T>(request: () => Promise<Verdict<T>>) => limits.run(request);
  return {
    clock: () => portal.clock(),
    createPerson: (person, turn) => aboutPerson(() => portal.createPerson(person), turn),
    findByEmail: (email, turn) => aboutPerson(() => portal.findByEmail(email), turn),
    whoami: (over) => send(() => portal.whoami(over)),
    ownSettings: (over) => send(() => portal.ownSettings(over)),
    groups: (page, over) => send(() => portal.groups(page, over)),
    createGroup: (name, over) => send(() => portal.createGroup(name, over)),
    addGroupMembers: (group, ids, over) => send(() => portal.addGroupMembers(group, ids, over)),
    invite: (invitations, over) => send(() => portal.invite(invitations, over)),
    resend: (ids, over) => send(() => portal.resend(ids, over)),
  };
}
