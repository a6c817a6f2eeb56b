import type { Events } from './journal.ts';
import type { Admission } from './limits/admission.ts';
import type { Account, Role } from './people/accounts.ts';
import type { Portal } from './stand-in-portal.ts';

type Shown =
  | 'id'
  | 'email'
  | 'userName'
  | 'status'
  | 'activationStatus'
  | 'registeredAt'
  | 'origin'
  | 'hasPassword';

interface GroupName {
  id: string;
  name: string;
}

/** One account for a judge. `registeredAt` is epoch ms. */
interface AccountState extends Pick<Account, Shown> {
  type: Role;
  createdBy: string | undefined;
  /** Mails to the address. */
  mails: { activation: number; invite: number };
  groups: GroupName[];
}

/** All data of the sandbox, also the JSON of GET /__sandbox/state. Times are epoch ms. */
export interface SandboxState extends Events {
  /** All accounts except the owners of the keys. */
  accounts: AccountState[];
  /** The owners of the keys. */
  staff: AccountState[];
  /** All groups except those of the system, with the number of their members. */
  groups: (GroupName & { members: number })[];
  mostInFlight: Admission['mostInFlight'];
  /** Largest number of requests behind every limiter in any 60 s. */
  mostPerMinute: number;
  rejectedByLimiter: Admission['rejected'];
}

/** Current state of the portal; O(n). */
export function stateOf(portal: Portal): SandboxState {
  const { accounts, groups, journal, admission } = portal;
  const everybody = [...accounts.all()].map((account) => accountState(portal, account));
  return {
    ...structuredClone(journal.events),
    accounts: everybody.filter((one) => one.origin !== 'staff'),
    staff: everybody.filter((one) => one.origin === 'staff'),
    groups: groups.all().map(({ id, name, members }) => ({ id, name, members: members.size })),
    mostInFlight: { ...admission.mostInFlight },
    mostPerMinute: admission.rate.highest,
    rejectedByLimiter: { ...admission.rejected },
  };
}

function accountState({ groups, journal }: Portal, account: Account): AccountState {
  const { id, email, userName, role: type, status, registeredAt, createdBy, origin } = account;
  const { activationStatus, hasPassword } = account;
  return {
    ...{ id, email, userName, type, status, activationStatus, registeredAt, createdBy, origin },
    hasPassword,
    mails: { ...journal.mailsTo(email) },
    groups: groups.of(id).map(({ id: groupId, name }) => ({ id: groupId, name })),
  };
}
