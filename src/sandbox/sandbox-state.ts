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
  | 'origin';

/** One account for a judge. `registeredAt` is epoch ms. */
interface AccountState extends Pick<Account, Shown> {
  type: Role;
  createdBy: string | undefined;
}

/** All data of the sandbox, also the JSON of GET /__sandbox/state. Times are epoch ms. */
export interface SandboxState extends Events {
  /** All accounts except the owners of the keys. */
  accounts: AccountState[];
  /** The owners of the keys. */
  staff: AccountState[];
  mostInFlight: Admission['mostInFlight'];
  /** Largest number of requests behind every limiter in any 60 s. */
  mostPerMinute: number;
  rejectedByLimiter: Admission['rejected'];
}

/** Current state of the portal; O(n). */
export function stateOf({ accounts, journal, admission }: Portal): SandboxState {
  const everybody = [...accounts.all()].map(accountState);
  return {
    ...structuredClone(journal.events),
    accounts: everybody.filter((one) => one.origin !== 'staff'),
    staff: everybody.filter((one) => one.origin === 'staff'),
    mostInFlight: { ...admission.mostInFlight },
    mostPerMinute: admission.rate.highest,
    rejectedByLimiter: { ...admission.rejected },
  };
}

function accountState(account: Account): AccountState {
  const { id, email, userName, role: type, status, registeredAt, createdBy, origin } = account;
  const { activationStatus } = account;
  return { id, email, userName, type, status, activationStatus, registeredAt, createdBy, origin };
}
