import type { RowState } from '../ledger/rows/row-state.ts';

/** `retry`: as they are; `correct`: in the file; `portal`: fix it there, then retry. */
type RemedyKind = 'retry' | 'correct' | 'portal';

/** Words for a group of rows with one code. */
export interface Remedy {
  kind: RemedyKind;
  /** Short words without a full stop. */
  title: string;
  /** One sentence. */
  remedy: string;
}

type Line = readonly [kind: RemedyKind, title: string, remedy: string];

const AGAIN = 'Retry them as they are.';
const LATER = 'Retry them as they are once the portal answers again.';
const IN_FILE = 'Correct what the reason names, and submit these people as a new list.';

const failed = {
  'bad-request': ['correct', 'The portal refuses the data', IN_FILE],
  'invalid-field': ['correct', 'The portal refuses a field', IN_FILE],
  'email-unparseable': ['correct', 'The portal cannot read the e-mail', IN_FILE],
  'culture-unknown': ['correct', 'The portal does not know the language', IN_FILE],
  'account-broken': [
    'portal',
    'The account is broken on the portal',
    "Have the administrator of the portal's database correct the language of the account, then retry.",
  ],
  'not-found': [
    'portal',
    'The portal did not find what the request needs',
    "Look into the portal's log for what is missing, then retry.",
  ],
  'type-not-allowed': [
    'portal',
    "The key's owner may not create this type",
    "Give the key's owner the right on the portal, or use another key, then retry.",
  ],
  'address-taken': [
    'portal',
    'The portal takes the address for another account',
    'Check the account with this address on the portal, then retry.',
  ],
  timeout: ['retry', 'No answer came in time', LATER],
  reset: ['retry', 'The connection broke', LATER],
  truncated: ['retry', 'The answer broke off', LATER],
  aborted: ['retry', 'The request was given up', AGAIN],
  'gateway-error': ['retry', 'A proxy could not reach the portal', LATER],
  'web-page': ['retry', 'A web page came in place of an answer', LATER],
  'server-error': ['retry', 'The portal had an error', LATER],
  'portal-lock': ['retry', 'The portal was busy with another change', AGAIN],
  'not-json': ['retry', 'The answer was not readable', LATER],
  'wrong-envelope': ['retry', 'The answer had an unknown form', LATER],
  'unexpected-status': ['retry', 'The answer had an unknown status', LATER],
  unanswered: ['retry', 'No usable answer in any attempt', LATER],
  'user-already-exists': ['retry', 'Two requests met on the portal', AGAIN],
  duplicate: ['retry', 'Two requests met on the portal', AGAIN],
  'invalid-operation': ['retry', 'The portal refused at that moment', AGAIN],
  'outcome-unknown': [
    'retry',
    'Nobody knows whether the account exists',
    'Retry them: each is looked up before an account is created.',
  ],
  'job-failed': ['retry', 'Workers were killed at this row', AGAIN],
  'row-unreadable': [
    'correct',
    'The stored row is damaged',
    'Submit these people as a new list from the original file.',
  ],
  unknown: ['retry', 'The reason was not stored', AGAIN],
} satisfies Record<string, Line>;

const rejected = {
  'cell-count': ['correct', 'The row has too many or too few cells', IN_FILE],
  'not-text': ['correct', 'A value is no text', IN_FILE],
  'name-split': ['correct', 'A whole name cannot be divided', IN_FILE],
  'no-value': ['correct', 'A formula has no result', IN_FILE],
  required: ['correct', 'A required cell is empty', IN_FILE],
  'too-long': ['correct', 'A cell is too long', IN_FILE],
  'control-character': ['correct', 'A cell has an invisible character', IN_FILE],
  'email-shape': ['correct', 'The e-mail has no valid form', IN_FILE],
  'email-local': ['correct', 'The e-mail is wrong before the @', IN_FILE],
  'email-domain': ['correct', 'The e-mail is wrong after the @', IN_FILE],
  'name-characters': ['correct', 'A name has a character that the portal refuses', IN_FILE],
  'name-beyond-bmp': ['correct', 'A name has an emoji or a rare character', IN_FILE],
  'type-unknown': ['correct', 'The type is unknown', IN_FILE],
  'type-guest': ['correct', 'Guests cannot be created', IN_FILE],
  'type-over-ceiling': [
    'correct',
    'The type is higher than this submission allows',
    'Allow the type when you submit the list again, or correct it in the file.',
  ],
  'culture-shape': ['correct', 'The language has no valid form', IN_FILE],
  'group-reserved': ['correct', 'The group is one of the system', IN_FILE],
  'group-unknown': [
    'correct',
    'The portal has no such group',
    'Make the group on the portal or correct its name, and submit these people as a new list.',
  ],
  'in-other-batch': [
    'correct',
    'Another unfinished batch has the person',
    'Wait until that batch is over, then submit these people as a new list.',
  ],
} satisfies Record<string, Line>;

const others = {
  'not-invitable': [
    'portal',
    'The invite does not take the address',
    'Nothing to do where the activation mail arrived; else send it again on the portal.',
  ],
  'role-differs': [
    'portal',
    'The account has another role than asked',
    'Set the roles with onboard set-roles, or on the portal.',
  ],
  unmailed: [
    'portal',
    'The activation mail may be missing',
    'Send the activation mail again in the accounts of the portal.',
  ],
  'groups-missing': [
    'portal',
    'The account is not in every group',
    'Add the account to its groups on the portal.',
  ],
  'already-there': ['portal', 'Had an account before', 'Nothing to do.'],
  'already-there-disabled': [
    'portal',
    'Had a disabled account before',
    'Enable the account on the portal where the person should use it.',
  ],
} satisfies Record<string, Line>;

const sameEmail = {
  duplicate: [
    'correct',
    'An earlier row has the e-mail',
    'Nothing to do where both rows are of one person; else correct the e-mail.',
  ],
} satisfies Record<string, Line>;

/** Remedies by the states whose rows have the codes. */
const tables: Partial<Record<RowState, Readonly<Record<string, Line>>>> = {
  failed,
  rejected,
  duplicate: sameEmail,
  created: others,
  existing: others,
};

/** Codes of rows in a state that have a remedy. */
export function remedyCodes(state: RowState): string[] {
  return Object.keys(tables[state] ?? {});
}

/**
 * Remedy for rows in this state with this code. A code of another version is shown as it is:
 * failed people may be retried, rejected ones are corrected.
 */
export function remedyFor(state: RowState, code: string): Remedy {
  const table = tables[state] ?? {};
  const known = Object.hasOwn(table, code) ? table[code] : undefined;
  const [kind, title, remedy] = known ?? unheardOf(state, code);
  return { kind, title, remedy };
}

function unheardOf(state: RowState, code: string): Line {
  if (state === 'failed') return ['retry', code, AGAIN];
  return ['correct', code, IN_FILE];
}

/** How many of these failed people can be retried as they are. */
export function countRetryable(causes: readonly { code: string; count: number }[]): number {
  const retryable = causes.filter(({ code }) => remedyFor('failed', code).kind === 'retry');
  return retryable.reduce((sum, { count }) => sum + count, 0);
}
