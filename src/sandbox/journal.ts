/** One POST /people/invite that reached the action. `at` is epoch ms, e-mails as sent. */
interface InviteRecord {
  at: number;
  emails: string[];
}

type Counts = Record<string, number>;

/** Events since the start; names of people are e-mails in lower case. */
export interface Events {
  /** Number of POST /people behind the limiters, for every body with an address. */
  postsByEmail: Counts;
  /** Number of POST /people for a person who already had an account. */
  postsOfExisting: Counts;
  acceptedInvites: InviteRecord[];
  refusedInvites: (InviteRecord & { status: number })[];
  mailsSent: Record<string, { activation: number; invite: number }>;
  /** Number of answers by `METHOD path status`; the status of a cut connection is `reset`. */
  requests: Counts;
  /**
   * Number of injected faults: `create.resetAfter` and the like for the rates, `outage.502`,
   * `tenant.Suspended`, `tariff.unpaid`, `key.expired`, `lock.timeout`, `quota.downgrade`,
   * `outage.killed`, `killed.halfMade`, `host.unknown`, `address.refused`.
   */
  faultsByKind: Counts;
  /** Number of injected faults of requests about one person. */
  faultsByEmail: Record<string, Counts>;
}

/** Record of events for a judge; it does not affect the answers of the portal. */
export class Journal {
  readonly events: Events = {
    postsByEmail: nothing(),
    postsOfExisting: nothing(),
    acceptedInvites: [],
    refusedInvites: [],
    mailsSent: nothing(),
    requests: nothing(),
    faultsByKind: nothing(),
    faultsByEmail: nothing(),
  };

  posted(email: string, isThere: boolean): void {
    increment(this.events.postsByEmail, identityOf(email));
    if (isThere) increment(this.events.postsOfExisting, identityOf(email));
  }

  mailed(email: string, kind: 'activation' | 'invite'): void {
    const { mailsSent } = this.events;
    const key = identityOf(email);
    mailsSent[key] ??= { activation: 0, invite: 0 };
    mailsSent[key][kind] += 1;
  }

  /** Mails to one address so far. */
  mailsTo(email: string): { activation: number; invite: number } {
    return this.events.mailsSent[identityOf(email)] ?? { activation: 0, invite: 0 };
  }

  answered(method: string, path: string, status: number | 'reset'): void {
    increment(this.events.requests, `${method} ${path} ${status}`);
  }

  suffered(kind: string, email?: string): void {
    const { faultsByKind, faultsByEmail } = this.events;
    increment(faultsByKind, kind);
    if (email === undefined) return;
    const key = identityOf(email);
    faultsByEmail[key] ??= nothing();
    increment(faultsByEmail[key], kind);
  }
}

/** An empty record without a prototype, because requests choose its names. */
function nothing(): Record<string, never> {
  return Object.create(null);
}

function increment(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Spellings of one address that belong to one person. */
function identityOf(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
