import type { Account, Origin, Role } from './accounts.ts';
import type { InviteRecord, MailKind } from './journal.ts';
import type { Portal } from './portal.ts';

/** One account as a judge sees it. `registeredAt` is epoch ms. */
interface AccountState {
  id: string;
  email: string;
  userName: string;
  type: Role;
  status: number;
  activationStatus: number;
  registeredAt: number;
  createdBy?: string;
  origin: Origin;
}

/** Everything that the sandbox knows, also the JSON of GET /__sandbox/state. Times are epoch ms. */
export interface SandboxState {
  /** Everybody but the owners of the keys. */
  accounts: AccountState[];
  /** The accounts that the keys act as. */
  staff: AccountState[];
  /** E-mail in lower case to the number of POST /people that carried it past the limiters. */
  postsByEmail: Record<string, number>;
  /** Those of them that came when the person had an account already. */
  postsOfExisting: Record<string, number>;
  acceptedInvites: readonly InviteRecord[];
  refusedInvites: readonly (InviteRecord & { status: number })[];
  /** E-mail in lower case to mails by kind. */
  mailsSent: Record<string, Record<MailKind, number>>;
  mostInFlight: { read: number; write: number };
  /** The most requests that passed every limiter within any 60 s. */
  mostPerMinute: number;
  rejectedByLimiter: Record<
    'sliding' | 'concurrency' | 'daily' | 'sensitive' | 'invitations',
    number
  >;
  /** Answers by `METHOD path status`, where the status of one that was cut off is `reset`. */
  requests: Record<string, number>;
  /**
   * What went wrong on demand: `create.resetAfter` and the like for the rates, `outage.502`,
   * `tenant.Suspended`, `tariff.unpaid`, `key.expired`, `lock.timeout`, `quota.downgrade`.
   */
  faultsByKind: Record<string, number>;
  /** E-mail in lower case to the same, for what befell a request about one person. */
  faultsByEmail: Record<string, Record<string, number>>;
}

/** A picture of the portal at this moment; O(n). */
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
    ...(createdBy !== undefined && { createdBy }),
    origin,
  };
}
