/** The kinds of mail that the portal sends for the requests it takes. */
export type MailKind = 'activation' | 'invite';

/** One POST /people/invite that reached the action. `at` is epoch ms, e-mails as sent. */
export interface InviteRecord {
  at: number;
  emails: string[];
}

/** What happened, kept for a judge; nothing here changes what the portal answers. */
export class Journal {
  /** POST /people by identity, for every body that carried an address. */
  readonly postsByEmail = new Map<string, number>();
  /** Those of them whose person had an account already. */
  readonly postsOfExisting = new Map<string, number>();
  readonly acceptedInvites: InviteRecord[] = [];
  readonly refusedInvites: (InviteRecord & { status: number })[] = [];
  readonly mailsSent = new Map<string, Record<MailKind, number>>();
  /** Answers by `METHOD path status`. */
  readonly requests = new Map<string, number>();
  /** What went wrong on demand, by `group.kind`. */
  readonly faultsByKind = new Map<string, number>();
  /** The same by identity, for what befell a request about one person. */
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

  /** `status` may be `reset` for an answer that never was one. */
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
