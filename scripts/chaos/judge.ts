import type { BatchEnd, Breach, PortalEnd, RoundEnd } from './round-end.ts';

const FINAL = new Set(['created', 'existing', 'failed', 'cancelled']);

/** Checks the rules from the outside, by comparing input, report and portal. */
export function judge(end: RoundEnd): Breach[] {
  const rules = [
    nobodyLost,
    invitedOnce,
    madeWhole,
    inGroups,
    lookedUpFirst,
    notBlamed,
    keyUnwritten,
  ];
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

const LEFT_OUT = ['not-invitable', 'invite-refused'];

/**
 * Every created person is in one accepted request, or reported as left out; the report counts
 * repeated requests.
 */
function invitesOf({ counts, rows }: BatchEnd, portal: PortalEnd, unnoted: number): Breach[] {
  const breaches: Breach[] = [];
  const created = rows.filter((row) => row.state === 'created');
  const mine = portal.acceptedInvites.map(({ emails }) => new Set(emails.map(key)));
  const repeats = counts.unansweredInvites + unnoted;
  for (const { email, marks } of created) {
    const times = mine.filter((invited) => invited.has(key(email))).length;
    const isLeftOut = marks.some((mark) => LEFT_OUT.includes(mark));
    const say = (what: string) => breaches.push({ rule: 2, what, email: key(email) });
    if (times === 0 && !isLeftOut) say('is missing in an invite');
    if (times > 1 + repeats) say(`is in ${times} accepted invites`);
    if (times > repeats && isLeftOut) say('is reported as not invitable, and invited');
  }
  const people = new Set(created.map(({ email }) => key(email)));
  const own = mine.filter((invited) => [...invited].some((email) => people.has(email)));
  if (own.length > counts.inviteRequests + unnoted) {
    const what = `accepted invites: ${own.length}, in the report: ${counts.inviteRequests}`;
    breaches.push({ rule: 2, what });
  }
  const { invited, notInvitable } = counts;
  if (invited + notInvitable !== counts.created) {
    const what = `${counts.created} created, ${invited} invited, ${notInvitable} not invitable`;
    breaches.push({ rule: 2, what });
  }
  return breaches;
}

/** Nobody has another role, no mail or two without being reported; set-roles sets every role. */
function madeWhole({ batches, portal, wrongAfterSetRoles }: RoundEnd): Breach[] {
  const breaches: Breach[] = [];
  const rows = batches.flatMap((batch) => batch.rows).filter(({ state }) => state === 'created');
  const marksOf = new Map(rows.map(({ email, marks }) => [key(email), marks]));
  for (const { email: spelled, origin, type, mails } of portal.accounts) {
    if (origin !== 'post') continue;
    const email = key(spelled);
    const marks = marksOf.get(email) ?? [];
    const say = (what: string) => breaches.push({ rule: 2, what, email });
    if ((type !== 'User') !== marks.includes('other-role')) {
      say(`is a ${type}, reported with the marks ${marks.join(' ')}`);
    }
    const isMailed = mails.activation + mails.invite > 0;
    if (!isMailed && !marks.includes('unmailed')) say('had no mail, and is not reported');
    // A request to mail again is repeated when its answer is lost, so only the first mail counts.
    if (mails.activation > 1 || (mails.activation > 0 && mails.invite > 0)) say('was mailed twice');
  }
  const wrong = wrongAfterSetRoles.map(key);
  return [
    ...breaches,
    ...wrong.map((email) => ({ rule: 2, what: 'is no User in the end', email })),
  ];
}

/** Everybody created is in the groups of the list, or reported; each group was made once. */
function inGroups({ batches, portal }: RoundEnd): Breach[] {
  const breaches: Breach[] = [];
  const groupsOf = new Map(
    portal.accounts.map(({ email, groups }) => [key(email), groups.map(({ name }) => key(name))]),
  );
  for (const { email, state, marks, groups } of batches.flatMap((batch) => batch.rows)) {
    if (state !== 'created' || marks.includes('groupless')) continue;
    const asked = groups.split('|').map(key);
    const missing = asked.filter(
      (name) => name !== '' && !groupsOf.get(key(email))?.includes(name),
    );
    for (const name of missing) {
      breaches.push({ rule: 2, what: `is not in ${name}, and not reported`, email: key(email) });
    }
  }
  const names = portal.groups.map(({ name }) => key(name));
  for (const name of names.filter((each, index) => names.indexOf(each) !== index)) {
    breaches.push({ rule: 2, what: `group ${name} was made twice` });
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
