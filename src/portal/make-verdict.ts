import { emailsIn, quotable } from '../privacy/quotable.ts';
import { type HoldCode, holdText } from '../stops.ts';
import { type Body, bodyText, type HttpAnswer, type RequestFacts, readBody } from './answer.ts';
import { longList } from './long-list.ts';
import {
  type ConflictCode,
  type RefusalCode,
  type StoppedVerdict,
  type UnknownCode,
  unknownTexts,
  type Verdict,
} from './verdict.ts';

/** The input of a classification besides request and answer. */
export interface ClassifyContext {
  /** ms since the epoch. */
  now: number;
  /** From 0 to below 1, for the jitter of a wait. */
  random: () => number;
  /** The API key, so that an answer that echoes it cannot carry it into a reason. */
  secret?: string | undefined;
  /** Whether the portal has answered this client as a portal does: the address is right then. */
  hasWorked?: boolean | undefined;
}

/** An answer ready for the rules: its body parsed, its words fit for quotation. */
export interface Seen {
  request: RequestFacts;
  answer: HttpAnswer;
  status: number;
  body: Body;
  quote: string;
  context: ClassifyContext;
}

/** Turns an answer into a verdict. */
export type MakeVerdict = (seen: Seen) => Verdict<unknown>;

export function see(request: RequestFacts, answer: HttpAnswer, context: ClassifyContext): Seen {
  const body = readBody(answer);
  const text = bodyText(body);
  const quote = text === '' ? '' : quotable(text, context.secret);
  return { request, answer, status: answer.status, body, quote, context };
}

interface StoppedParts {
  status?: number | undefined;
  /** Words of the portal. */
  quote?: string | undefined;
  /** A code of the system, or words of ours. */
  why?: string | undefined;
}

/** The verdict of a hold: its sentence, what the portal said, and its remedy. */
export function stopped(code: HoldCode, parts: StoppedParts = {}): StoppedVerdict {
  const { what, remedy } = holdText(code);
  const { status, quote, why } = parts;
  const detail = quote ? `The portal says: "${quote}".` : undefined;
  return { kind: 'stopped', code, reason: sentence(what, { status, quote: why }), remedy, detail };
}

/** Everything stops until a person acts. */
export const hold =
  (code: HoldCode): MakeVerdict =>
  (seen) =>
    stopped(code, seen);

/** The answer is about this person. */
export const refuse =
  (code: RefusalCode): MakeVerdict =>
  (seen) => ({ kind: 'refused', code, reason: sentence('The portal refused this person', seen) });

/** The account of this person exists, and the portal fails to read it (P-CREATE-14). */
export const brokenAccount: MakeVerdict = () => ({
  kind: 'refused',
  code: 'account-broken',
  reason:
    'The account exists, but is broken on the portal: its language has no valid name, so that the portal cannot read it. The administrator of the portal has to correct the culture of the account in the database.',
});

/** The answer is about this group: one to be created, or one that gets members. */
export const refuseGroup =
  (code: RefusalCode): MakeVerdict =>
  (seen) => ({ kind: 'refused', code, reason: sentence('The portal refused this group', seen) });

/** The request lost a race with another creation. */
export const conflict =
  (code: ConflictCode): MakeVerdict =>
  (seen) => {
    const what = 'The portal met another creation at the same time';
    return { kind: 'conflict', code, reason: sentence(what, seen) };
  };

/** Whether the request took effect stays open. */
export const unknown =
  (code: UnknownCode, what: string = unknownTexts[code]): MakeVerdict =>
  ({ status, quote }) => {
    const isQuotable = code !== 'not-json';
    return {
      kind: 'unknown',
      code,
      reason: sentence(what, { status, quote: isQuotable ? quote : '' }),
    };
  };

/**
 * An invite that was refused at one of its entries. The portal names the entry by its e-mail
 * (`User disabled: <email>`) or by its place in the list (`Invitations[0].Email`).
 */
export const refuseInvite: MakeVerdict = (seen) => {
  const keys = seen.body.shape === 'fields' ? Object.keys(seen.body.fields) : [];
  const indexes = keys.flatMap((key) => {
    const index = /^Invitations\[(\d{1,7})\]/.exec(key)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  const about = { emails: emailsIn(bodyText(seen.body)), indexes };
  const reason = sentence('The portal refused the invite', seen);
  return { kind: 'refused', code: 'invite-refused', reason, about };
};

/** An invite with more entries than the portal's limit has left. */
export const overInvitations: MakeVerdict = (seen) => ({
  kind: 'refused',
  code: 'invitation-limit',
  reason: sentence('The invite has more people than the portal has invitations left', seen),
});

/** The portal has no such account. */
export const absent: MakeVerdict = (seen) => ({ kind: 'absent', answeredAt: answeredAt(seen) });

/** A success with the envelope's value. */
export const readEnvelope: MakeVerdict = (seen) => {
  const value = seen.body.shape === 'envelope' ? seen.body.response : undefined;
  return { kind: 'ok', value, answeredAt: answeredAt(seen) };
};

/** A page of a list, with the number of all. */
export const readPage: MakeVerdict = (seen) => {
  const { response, total } =
    seen.body.shape === 'envelope' ? seen.body : { response: undefined, total: undefined };
  return { kind: 'ok', value: { items: response, total }, answeredAt: answeredAt(seen) };
};

/** A success whose list is too long to be kept: only its length matters. */
export const readLongList: MakeVerdict = (seen) => {
  const value = { elided: { pending: longList(seen.answer) } };
  return { kind: 'ok', value, answeredAt: answeredAt(seen) };
};

/** The portal's clock, ms since the epoch, where the answer tells it. */
function answeredAt({ answer }: Seen): number | undefined {
  const time = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** One sentence: what happened, the status when there was one, and the portal's words if any. */
export function sentence(
  what: string,
  parts: { status?: number | undefined; quote?: string | undefined },
): string {
  const status = parts.status === undefined ? '' : ` (HTTP ${parts.status})`;
  return parts.quote ? `${what}${status}: "${parts.quote}".` : `${what}${status}.`;
}
