/** One row of `onboard report --format json`. */
interface ReportRow {
  file: string;
  line: number;
  email: string;
  state: string;
  code: string;
  reason: string;
  attempts: number;
  invited: boolean;
}

/** `onboard status BATCH --json` */
interface Counts {
  batchId: string;
  state: string;
  total: number;
  accepted: number;
  pending: number;
  created: number;
  existing: number;
  failed: number;
  cancelled: number;
  invited: number;
  inviteRequests: number;
}

export interface BatchEnd {
  counts: Counts;
  rows: ReportRow[];
  /** Number of lines of the file below its header. */
  lines: number;
  /** Valid e-mails of the file. */
  good: readonly string[];
}

/** State of the sandbox. */
export interface PortalEnd {
  accounts: { email: string; origin: string; type: string }[];
  postsOfExisting: Record<string, number>;
  acceptedInvites: { emails: string[] }[];
  mailsSent: Record<string, { activation: number; invite: number }>;
}

export interface RoundEnd {
  batches: BatchEnd[];
  portal: PortalEnd;
  /** E-mails of existing accounts. */
  existing: readonly string[];
  /**
   * Whether a POST may follow the account: a worker that is stopped between its note and its request
   * sends it when it resumes, and Redis may lose the note with the last second of its file.
   */
  mayRepeat: boolean;
  /** Whether Redis lost unsynced writes, such as the note of an accepted invite. */
  hasLostPower: boolean;
  /** Everything that Redis wrote to its file. */
  left: string;
}

/** A violated rule of architecture.md, with the person. */
export interface Breach {
  rule: number;
  what: string;
  email?: string;
}

const FINAL = new Set(['created', 'existing', 'failed', 'cancelled']);

/** Checks the rules from the outside, by comparing input, report and portal. */
export function judge(end: RoundEnd): Breach[] {
  const rules = [nobodyLost, invitedOnce, lookedUpFirst, notBlamed, keyUnwritten];
  return rules.flatMap((rule) => rule(end));
}

const key = (email: string) => email.trim().normalize('NFC').toLowerCase();

/** Rule 1: every accepted row is in one final state, and every line of the input is reported. */
function nobodyLost({ batches }: RoundEnd): Breach[] {
  return batches.flatMap(({ counts, rows, lines, good }) => {
    const breaches: Breach[] = [];
    const say = (what: string, email?: string) =>
      breaches.push({ rule: 1, what, ...(email === undefined ? {} : { email }) });
    if (counts.state !== 'finished') say(`batch ${counts.batchId} is ${counts.state}`);
    if (rows.length !== lines) say(`${rows.length} of ${lines} lines are reported`);
    const ends = counts.created + counts.existing + counts.failed + counts.cancelled;
    if (ends !== counts.accepted) say(`${counts.accepted} accepted, but ${ends} at an end`);
    const reported = new Map(rows.map((row) => [key(row.email), row]));
    for (const email of good) if (!reported.has(email)) say('is not in the report', email);
    const accepted = rows.filter((row) => FINAL.has(row.state));
    if (accepted.length !== counts.accepted) say(`${accepted.length} rows at an end`);
    return breaches;
  });
}

/** Rules 2 and 4: every created account is in one accepted request; no other account is in any. */
function invitedOnce({ batches, portal, existing, hasLostPower }: RoundEnd): Breach[] {
  const breaches: Breach[] = [];
  const made = new Set(
    portal.accounts.filter(({ origin }) => origin === 'post').map(({ email }) => key(email)),
  );
  const created = new Map<string, number>();
  for (const row of batches.flatMap((batch) => batch.rows)) {
    if (row.state === 'created')
      created.set(key(row.email), (created.get(key(row.email)) ?? 0) + 1);
  }
  for (const email of made) {
    if (!created.has(email))
      breaches.push({ rule: 2, what: 'has an account that no batch created', email });
  }
  for (const [email, times] of created) {
    if (!made.has(email)) breaches.push({ rule: 2, what: 'created, but not on the portal', email });
    if (times > 1) breaches.push({ rule: 4, what: `created by ${times} batches`, email });
  }
  const unnoted = hasLostPower ? 1 : 0;
  const invites = batches.flatMap((batch) => invitesOf(batch, portal, unnoted));
  return [...breaches, ...invites, ...strangers(portal, created, existing)];
}

/** Each request holds the people that one batch created; the report counts repeated requests. */
function invitesOf({ counts, rows }: BatchEnd, portal: PortalEnd, unnoted: number): Breach[] {
  const created = rows.filter((row) => row.state === 'created').map((row) => key(row.email));
  const mine = portal.acceptedInvites.filter(({ emails }) =>
    emails.some((email) => created.includes(key(email))),
  );
  const breaches: Breach[] = [];
  for (const { emails } of mine) {
    const invited = new Set(emails.map(key));
    const left = created.filter((email) => !invited.has(email));
    for (const email of left) breaches.push({ rule: 2, what: 'is missing in an invite', email });
  }
  if (created.length > 0 && mine.length === 0) {
    breaches.push({ rule: 2, what: `batch ${counts.batchId} was never invited` });
  }
  if (mine.length > Math.max(1, counts.inviteRequests) + unnoted) {
    const what = `accepted invites: ${mine.length}, in the report: ${counts.inviteRequests}`;
    breaches.push({ rule: 2, what });
  }
  if (counts.invited !== counts.created) {
    breaches.push({ rule: 2, what: `${counts.created} created, ${counts.invited} invited` });
  }
  return breaches;
}

function strangers(
  portal: PortalEnd,
  created: ReadonlyMap<string, number>,
  existing: readonly string[],
): Breach[] {
  const breaches: Breach[] = [];
  const before = new Set(existing);
  for (const email of new Set(portal.acceptedInvites.flatMap(({ emails }) => emails.map(key)))) {
    if (before.has(email)) breaches.push({ rule: 2, what: 'existed before and is invited', email });
    else if (!created.has(email))
      breaches.push({ rule: 2, what: 'is invited, not created', email });
  }
  for (const [email, mails] of Object.entries(portal.mailsSent)) {
    if (mails.activation > 1) breaches.push({ rule: 2, what: 'was mailed twice', email });
    if (mails.invite > 0) breaches.push({ rule: 2, what: 'got the mail of a new address', email });
  }
  return breaches;
}

/** Rule 3: nobody is posted who has an account by then. */
function lookedUpFirst({ portal, existing, mayRepeat, batches }: RoundEnd): Breach[] {
  const before = new Set(existing);
  return Object.entries(portal.postsOfExisting).flatMap(([email, times]) => {
    // Each batch posts once: an existing person, or one in both batches.
    const allowed = before.has(email) ? Number.POSITIVE_INFINITY : batches.length - 1;
    if (mayRepeat || times <= allowed) return [];
    return [{ rule: 3, what: `posts after the account existed: ${times}`, email }];
  });
}

/** Rule 5: a valid person fails only for an answer about the person, and here none is given. */
function notBlamed({ batches }: RoundEnd): Breach[] {
  return batches.flatMap(({ rows }) =>
    rows
      .filter((row) => row.state === 'failed')
      .map((row) => ({
        rule: 5,
        what: `failed (${row.code}): ${row.reason}`,
        email: key(row.email),
      })),
  );
}

/** Rule 6: Redis' file does not contain the API key. */
function keyUnwritten({ left }: RoundEnd): Breach[] {
  return /sk-[0-9a-f]{16}/.test(left) ? [{ rule: 6, what: 'an API key is in Redis' }] : [];
}
