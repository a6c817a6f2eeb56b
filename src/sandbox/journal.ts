/** Kinds of mail of the portal. */
export type MailKind = 'activation' | 'invite';

/** One POST /people/invite that reached the action. `at` is epoch ms, e-mails as sent. */
export interface InviteRecord {
  at: number;
  emails: string[];
}

/** Record of events for a judge; it does not affect the answers of the portal. */
export class Journal {
  /** Number of POST /people by identity, for every body with an address. */
  readonly postsByEmail = new Map<string, number>();
  /** Number of POST /people for people who already had an account. */
  readonly postsOfExisting = new Map<string, number>();
  readonly acceptedInvites: InviteRecord[] = [];
  readonly refusedInvites: (InviteRecord & { status: number })[] = [];
  readonly mailsSent = new Map<string, Record<MailKind, number>>();
  /** Answers by `METHOD path status`. */
  readonly requests = new Map<string, number>();
  /** Number of injected faults by `group.kind`. */
  readonly faultsByKind = new Map<string, number>();
  /** Number of injected faults by identity, for requests about one person. */
  readonly faultsByEmail = new Map<string, Map<string, number>>();

  posted(email: string, isThere: boolean): void {
    increment(this.postsByEmail, identityOf(email));
    if (isThere) increment(this.postsOfExisting, identityOf(email));
  }

  mailed(email: string, kind: MailKind): void {
    const key = identityOf(email);
    const counts = this.mailsSent.get(key) ?? { activation: 0, invite: 0 };
    counts[kind] += 1;
    this.mailsSent.set(key, counts);
  }

  /** `status` is `reset` for a connection without an answer. */
  answered(method: string, path: string, status: number | 'reset'): void {
    increment(this.requests, `${method} ${path} ${status}`);
  }

  suffered(kind: string, email?: string): void {
    increment(this.faultsByKind, kind);
    if (email === undefined) return;
    const key = identityOf(email);
    const counts = this.faultsByEmail.get(key) ?? new Map<string, number>();
    increment(counts, kind);
    this.faultsByEmail.set(key, counts);
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Spellings of one address that belong to one person. */
function identityOf(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
