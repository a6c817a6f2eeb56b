import type { InviteRecord, MailKind } from './journal.ts';
import type { Account, Origin, Role } from './people/accounts.ts';
import type { Portal } from './stand-in-portal.ts';

/** One account for a judge. `registeredAt` is epoch ms. */
interface AccountState {
  id: string;
  email: string;
  userName: string;
  type: Role;
  status: number;
  activationStatus: number;
  registeredAt: number;
  createdBy: string | undefined;
  origin: Origin;
}

/** All data of the sandbox, also the JSON of GET /__sandbox/state. Times are epoch ms. */
export interface SandboxState {
  /** All accounts except the owners of the keys. */
  accounts: AccountState[];
  /** The owners of the keys. */
  staff: AccountState[];
  /** Number of POST /people behind the limiters by e-mail in lower case. */
  postsByEmail: Record<string, number>;
  /** Number of POST /people for a person who already had an account. */
  postsOfExisting: Record<string, number>;
  acceptedInvites: readonly InviteRecord[];
  refusedInvites: readonly (InviteRecord & { status: number })[];
  /** Mails by e-mail in lower case and kind. */
  mailsSent: Record<string, Record<MailKind, number>>;
  mostInFlight: { read: number; write: number };
  /** Largest number of requests behind every limiter in any 60 s. */
  mostPerMinute: number;
  rejectedByLimiter: Record<
    'sliding' | 'concurrency' | 'daily' | 'sensitive' | 'invitations',
    number
  >;
  /** Number of answers by `METHOD path status`; the status of a cut connection is `reset`. */
  requests: Record<string, number>;
  /**
   * Number of injected faults: `create.resetAfter` and the like for the rates, `outage.502`,
   * `tenant.Suspended`, `tariff.unpaid`, `key.expired`, `lock.timeout`, `quota.downgrade`.
   */
  faultsByKind: Record<string, number>;
  /** Number of injected faults by e-mail in lower case, for requests about one person. */
  faultsByEmail: Record<string, Record<string, number>>;
}

/** Current state of the portal; O(n). */
export function stateOf(portal: Portal): SandboxState {
  const { accounts, journal, admission } = portal;
  const everybody = [...accounts.all()].map(accountState);
  return {
    accounts: everybody.filter((one) => one.origin !== 'staff'),
    staff: everybody.filter((one) => one.origin === 'staff'),
    postsByEmail: Object.fromEntries(journal.postsByEmail),
    postsOfExisting: Object.fromEntries(journal.postsOfExisting),
    acceptedInvites: [...journal.acceptedInvites],
    refusedInvites: [...journal.refusedInvites],
    mailsSent: Object.fromEntries(journal.mailsSent),
    mostInFlight: { ...admission.mostInFlight },
    mostPerMinute: admission.mostPerMinute,
    rejectedByLimiter: { ...admission.rejected },
    requests: Object.fromEntries(journal.requests),
    faultsByKind: Object.fromEntries(journal.faultsByKind),
    faultsByEmail: Object.fromEntries(
      [...journal.faultsByEmail].map(([email, counts]) => [email, Object.fromEntries(counts)]),
    ),
  };
}

function accountState(account: Account): AccountState {
  const { id, email, userName, role, status, registeredAt, createdBy, origin } = account;
  return {
    id,
    email,
    userName,
    type: role,
    status,
    activationStatus: account.activationStatus,
    registeredAt,
    createdBy,
    origin,
  };
}
