import { type AccountType, accountTypes } from '../../people/account-types.ts';
import type { FaultCode, SingleColumn } from '../entry.ts';

/** A rule for the cells of a column that are not empty. */
export interface CellRule {
  code: FaultCode;
  reason: string;
  allows: (cell: string) => boolean;
  /** The first character that the rule refuses; undefined where it is none alone. */
  refused?: ((cell: string) => string | undefined) | undefined;
}

/** Length of the portal's column for e-mails and of its validator (P-CREATE-02). */
const MAX_EMAIL_LENGTH = 255;
/** Widths of the portal's other columns in UTF-16 units, as .NET counts (P-CREATE-12). */
const MAX_NAME_LENGTH = 64;
const MAX_CULTURE_LENGTH = 20;
const MAX_COMMENT_LENGTH = 512;

const EMAIL_SHAPE = /^[^@<>]+@[^@<>]+$/;
// Atoms separated by single dots, hence no dot at either end (P-INVITE-05). MySQL's utf8mb3 columns
// cannot store characters beyond the BMP.
const LOCAL_PART =
  /^[^\s\p{Z}\p{C}<>()[\]\\.,;:@"\u{10000}-\u{10ffff}]+(?:\.[^\s\p{Z}\p{C}<>()[\]\\.,;:@"\u{10000}-\u{10ffff}]+)*@/u;
const DOMAIN = /@(?:(?!xn--)[a-z0-9-]+\.)+[a-z]{2,}$/i;
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u;
/** In their groups: the first character that an address may not have on this side of the @. */
const NOT_LOCAL = /^[^@]*?([\s\p{Z}\p{C}<>()[\]\\,;:"\u{10000}-\u{10ffff}])/u;
const NOT_DOMAIN = /@[A-Za-z0-9.-]*([^A-Za-z0-9.-])/u;
/** Dots at an end, or two in a row. */
const LOCAL_DOT = /^[^@]*?((?<=^|\.)\.|\.(?=@))/;
const DOMAIN_DOT = /@(?:[^.]+\.)*(\.)|(\.)$/;
const CULTURE = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;

/** The portal's default name rule (P-CREATE-05). */
export const defaultNamePattern: RegExp = /^[\p{L}\p{M}' -]+$/u;

/** Names only: a number (P-ROLE-01) would hide an administrator in a column of figures. */
const typeBySpelling: ReadonlyMap<string, AccountType> = new Map(
  accountTypes.map((type) => [type.toLowerCase(), type]),
);

/** The portal's pages say "Room admin". */
function spelled(cell: string): string {
  return cell.toLowerCase().replace(/(?<=[a-z])[\s_-](?=[a-z])/g, '');
}

/** The role of a cell, in any case; undefined if unknown. */
export function typeFrom(cell: string): AccountType | undefined {
  return typeBySpelling.get(spelled(cell));
}

/** True for a culture name such as `de`, `en-US` or `sr-Latn-RS` of at most 20 characters. */
export function isCulture(text: string): boolean {
  return text.length <= MAX_CULTURE_LENGTH && CULTURE.test(text);
}

const reasons = {
  'email-shape':
    'The e-mail must be a bare address such as ana@example.com: one @ with text on both sides, no display name.',
  'email-local':
    'The part before the @ may not have spaces, commas, semicolons, colons, double quotes, brackets, backslashes, emoji, doubled dots, or a dot at either end.',
  'email-domain':
    'The part after the @ must be a domain of ASCII letters, digits and hyphens that ends in at least two letters, and not punycode (xn--).',
  'name-beyond-bmp': 'The name has an emoji or a rare character that the portal cannot store.',
  'type-guest':
    'The portal never creates guests this way; use User, or invite the guest to a room.',
  'type-unknown': `The type must be ${accountTypes.join(', ')}.`,
  'culture-shape': 'The culture must be a name such as en-US, de or pt-BR.',
};

function rule(
  code: keyof typeof reasons,
  allows: CellRule['allows'],
  refused?: CellRule['refused'],
): CellRule {
  return { code, allows, reason: reasons[code], refused };
}

/** The first character that one of the patterns catches in a group. */
function firstIn(...patterns: readonly RegExp[]): (cell: string) => string | undefined {
  return (cell) => {
    for (const pattern of patterns) {
      const caught = pattern
        .exec(cell)
        ?.slice(1)
        .find((group) => group !== undefined);
      if (caught !== undefined) return caught;
    }
    return undefined;
  };
}

function atMost(limit: number, what: string): CellRule {
  const reason = `The ${what} has more than ${limit} characters.`;
  return { code: 'too-long', allows: (cell) => cell.length <= limit, reason };
}

/**
 * The rules of each column. Names follow `pattern`; where it is unusable, only their length counts.
 * A row has one of the `allowed` types.
 */
export function rulesOf(
  pattern: RegExp | 'unusable',
  allowed: readonly AccountType[],
): Record<SingleColumn, readonly CellRule[]> {
  const name = [atMost(MAX_NAME_LENGTH, 'name')];
  if (pattern !== 'unusable') name.push(...characterRules(pattern));
  const type = [...typeRules, ...accountTypes.map((each) => ceiling(each, allowed))];
  return { ...fixedRules, firstName: name, lastName: name, type };
}

/** The reason never quotes a pattern: that is text of the portal, of any length, in every row. */
function characterRules({ source, flags }: RegExp): CellRule[] {
  // A global or sticky pattern would remember where the last name matched.
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
  const reason =
    source === defaultNamePattern.source
      ? 'The name may have only letters, spaces, hyphens and apostrophes; no digits, dots or brackets.'
      : 'The name has a character that the rule of this portal for names does not allow.';
  return [
    rule(
      'name-beyond-bmp',
      (cell) => !BEYOND_BMP.test(cell),
      (cell) => BEYOND_BMP.exec(cell)?.[0],
    ),
    {
      code: 'name-characters',
      allows: (cell) => pattern.test(cell),
      reason,
      // A portal's pattern may be about more than single characters: then none fails alone.
      refused: (cell) => Array.from(cell).find((character) => !pattern.test(character)),
    },
  ];
}

/** Codes after which the other rules of a column say nothing more. */
export const conclusive: readonly FaultCode[] = ['email-shape', 'name-beyond-bmp', 'type-guest'];

const typeRules: readonly CellRule[] = [
  rule('type-guest', (type) => spelled(type) !== 'guest'),
  rule('type-unknown', (type) => typeFrom(type) !== undefined),
];

/** Rejects a cell that names `type` where the submission does not allow it. */
function ceiling(type: AccountType, allowed: readonly AccountType[]): CellRule {
  return {
    code: 'type-over-ceiling',
    reason: `The type ${type} is not allowed in this submission; change the cell, or submit with --allow-types ${type}.`,
    allows: (cell) => allowed.includes(type) || typeFrom(cell) !== type,
  };
}

const fixedRules: Record<
  Exclude<SingleColumn, 'firstName' | 'lastName' | 'type'>,
  readonly CellRule[]
> = {
  // The stricter rule of the portal's invite (P-INVITE-05).
  email: [
    rule('email-shape', (email) => EMAIL_SHAPE.test(email), firstIn(NOT_LOCAL, NOT_DOMAIN)),
    atMost(MAX_EMAIL_LENGTH, 'e-mail'),
    rule('email-local', (email) => LOCAL_PART.test(email), firstIn(NOT_LOCAL, LOCAL_DOT)),
    rule('email-domain', (email) => DOMAIN.test(email), firstIn(NOT_DOMAIN, DOMAIN_DOT)),
  ],
  culture: [rule('culture-shape', isCulture)],
  comment: [atMost(MAX_COMMENT_LENGTH, 'comment')],
};
