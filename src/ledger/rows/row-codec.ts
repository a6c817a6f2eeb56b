import { z } from 'zod';
import { type Person, personSchema } from '../../people/person.ts';
import { parseJson } from '../json.ts';

/** A row's input or outcome as Redis returns it. */
export type StoredText = string | null | undefined;

export interface RowTexts {
  input: StoredText;
  outcome: StoredText;
}

const cells = z.record(z.string(), z.unknown());

const inputSchema = z.object({
  file: z.string(),
  line: z.number(),
  /** Cells of an accepted row; `personOf` checks them. */
  person: cells.optional(),
  /** Cells of a rejected row, as the file has them. */
  raw: cells.optional(),
  /** Sentences of intake about cells that were changed or left out. */
  warnings: z.array(z.string()).optional(),
});
/** The input of a row, from the file. */
export type RowInput = z.infer<typeof inputSchema>;

const doubtSchema = z.object({
  /**
   * `posting`: a POST has no known answer; `refused`: the portal said no in a way that leaves open
   * whether the account exists; `conflict`: the POST lost a race on the portal.
   */
  kind: z.enum(['posting', 'refused', 'conflict']),
  code: z.string().optional(),
  reason: z.string().optional(),
  /** When the request was sent, or ended without an answer: ms since the epoch. */
  at: z.number().optional(),
  /** Lookups that ended without an answer. */
  looks: z.number().optional(),
});
/** Why a row must be looked up on the portal before anything else is done for it. */
export type Doubt = z.infer<typeof doubtSchema>;

const groupSchema = z.object({ id: z.string(), name: z.string() });

const ending = {
  /** When the row was settled: ms of Redis' clock. */
  at: z.number().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
  attempts: z.number().optional(),
};

const faultSchema = z.object({
  field: z.string(),
  code: z.string(),
  value: z.string(),
  reason: z.string(),
});

const outcomeSchema = z.object({
  ...ending,
  /** The round that settled it, unless that was the first. */
  round: z.number().optional(),
  portalId: z.string().optional(),
  /** The role of the account, where another one was asked for. */
  role: z.string().optional(),
  /** Groups that the account is to be added to before the invite. */
  joins: z.array(groupSchema).optional(),
  warnings: z.array(z.string()).optional(),
  doubt: doubtSchema.optional(),
  /** Everything that is wrong with a rejected row. */
  faults: z.array(faultSchema).optional().catch(undefined),
  /** Ends of earlier rounds, oldest first. */
  history: z.array(z.object({ ...ending, state: z.string(), round: z.number() })).optional(),
});
/** Everything known about a row besides its state. */
export type RowOutcome = z.infer<typeof outcomeSchema>;

/** An accepted row in short: `p` is e-mail, first and last name, `m` the other cells of the person. */
interface ShortRow {
  f: unknown;
  l: unknown;
  p: unknown[];
  m?: object;
  w?: unknown;
}

function isShort(stored: unknown): stored is ShortRow {
  return typeof stored === 'object' && stored !== null && 'p' in stored && Array.isArray(stored.p);
}

/** A short row in words; `inputSchema` checks its values. */
function inWords(row: ShortRow): unknown {
  const { f: file, l: line, w: warnings } = row;
  return { file, line, person: personInWords(row), warnings };
}

function personInWords({ p: [email, firstName, lastName], m }: ShortRow): unknown {
  return { email, firstName, lastName, type: 'User', ...m };
}

interface AcceptedRow {
  file: string;
  line: number;
  person: Person;
  warnings?: readonly string[] | undefined;
}

/** The input of an accepted row as Redis keeps it: short, because a batch has a million of them. */
export function encodeInput({ file, line, person, warnings }: AcceptedRow): string {
  const { email, firstName, lastName, type, ...others } = person;
  const more = type === 'User' ? others : { ...others, type };
  const m = Object.values(more).some((value) => value !== undefined) ? more : undefined;
  return JSON.stringify({ f: file, l: line, p: [email, firstName, lastName], m, w: warnings });
}

/**
 * The input of a row, short or in words as rejected rows and those of earlier versions are;
 * undefined for nothing and for damaged text.
 */
export function decodeInput(text: StoredText): RowInput | undefined {
  const stored = parseJson(text);
  return inputSchema.safeParse(isShort(stored) ? inWords(stored) : stored).data;
}

/** The outcome of a row; empty for nothing and for damaged text. */
export function decodeOutcome(text: StoredText): RowOutcome {
  if (text === null || text === undefined) return {};
  return outcomeSchema.safeParse(parseJson(text)).data ?? {};
}

/** The e-mail of an accepted row; undefined for every other row. */
export function emailOf(input: RowInput | undefined): string | undefined {
  const email = input?.person?.email;
  return typeof email === 'string' ? email : undefined;
}

/** Begins of an accepted row in short, and of its e-mail. */
const [SHORT_FIRST, EMAIL_FIRST] = ['{"f":', ',"p":["'];

/**
 * The e-mail in the text of an accepted row; undefined for every other row and for damaged text. The
 * rest stays unread, as 4 of 8 microseconds a row went into it. A quote inside a text is escaped, so
 * these characters are the member itself.
 */
export function emailIn(text: StoredText): string | undefined {
  const at = text?.startsWith(SHORT_FIRST) ? text.indexOf(EMAIL_FIRST) : -1;
  if (typeof text !== 'string' || at < 0) return emailOf(decodeInput(text));
  const from = at + EMAIL_FIRST.length;
  const email = text.slice(from, text.indexOf('"', from));
  return email.includes('\\') || !text.endsWith('}') ? emailOf(decodeInput(text)) : email;
}

/** The place of a row, for people. */
export function placeOf({ file, line }: Pick<RowInput, 'file' | 'line'>): string {
  return `${file} line ${line}`;
}

/** The person of an accepted row, or the names of the fields that are damaged. */
export function personOf(input: RowInput | undefined): { person: Person } | { damaged: string[] } {
  return input === undefined ? { damaged: ['row'] } : readPerson(input.person);
}

function readPerson(stored: unknown): { person: Person } | { damaged: string[] } {
  const { data, error } = personSchema.safeParse(stored);
  if (data !== undefined) return { person: data };
  return { damaged: error.issues.map(({ path }) => ['person', ...path].join('.')) };
}

/**
 * The person of an accepted row, or the names of the fields that are damaged. The place in the file
 * stays unread: a worker reads each row once, and half of that time went into it.
 */
export function personIn(text: StoredText): { person: Person } | { damaged: string[] } {
  const stored = parseJson(text);
  return isShort(stored) ? readPerson(personInWords(stored)) : personOf(decodeInput(text));
}

/** Input without personal data: only the line, since the name of a file can name a person. */
export function withoutPerson(text: StoredText): string {
  const input = decodeInput(text);
  return JSON.stringify(input === undefined ? {} : { file: '', line: input.line });
}

/**
 * Outcome without personal data: without reasons and warnings, which can repeat the file, and
 * without the account's id, which names a person to everybody who may see the portal.
 */
export function withoutReasons(text: StoredText): string {
  const { code, attempts, at, round, history } = decodeOutcome(text);
  const ends = history?.map(({ reason: _, ...end }) => end);
  return JSON.stringify({ code, attempts, at, round, history: ends });
}
