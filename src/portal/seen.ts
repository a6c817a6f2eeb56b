import { type Body, bodyText, type HttpAnswer, type RequestFacts, readBody } from './answer.ts';
import { stopped } from './holds.ts';
import { emailsIn, quotable, sentence } from './sentence.ts';
import type {
  ConflictCode,
  HoldCode,
  RefusalCode,
  StoppedVerdict,
  UnknownCode,
  UnknownVerdict,
  Verdict,
} from './verdict.ts';

/** What a classification depends on besides request and answer; all of it handed in. */
export interface ClassifyContext {
  /** ms since the epoch. */
  now: number;
  /** From 0 to below 1, for the jitter of a wait. */
  random: () => number;
  /** The API key, so that an answer that echoes it cannot carry it into a reason. */
  secret?: string;
}

/** An answer made ready for judgement: its body read, its words fit for quotation. */
export interface Seen {
  request: RequestFacts;
  answer: HttpAnswer;
  status: number;
  body: Body;
  quote: string;
  context: ClassifyContext;
}

/** Reads an answer once, for all the rules. */
export function look(request: RequestFacts, answer: HttpAnswer, context: ClassifyContext): Seen {
  const body = readBody(answer);
  const quote = quotable(bodyText(body), context.secret);
  return { request, answer, status: answer.status, body, quote, context };
}

/** The portal's exception type, empty when the body names none. */
export function errorType(seen: Seen): string {
  return seen.body.shape === 'error' ? seen.body.type : '';
}

/** An answer about that person. */
export function refuse(seen: Seen, code: RefusalCode): Verdict<never> {
  return { kind: 'refused', code, reason: sentence('The portal refused this person', seen) };
}

/** A race with another creation. */
export function conflict(seen: Seen, code: ConflictCode): Verdict<never> {
  const what = 'The portal met another creation at the same time';
  return { kind: 'conflict', code, reason: sentence(what, seen) };
}

/** A hold with what the portal said. */
export function hold(seen: Seen, code: HoldCode): StoppedVerdict {
  return stopped(code, seen);
}

/** An answer that leaves open whether the request took effect. */
export function unknown(seen: Seen, code: UnknownCode, what: string): UnknownVerdict {
  return { kind: 'unknown', code, reason: sentence(what, seen) };
}

/**
 * An invite that was refused at one of its entries. The portal says which by its e-mail
 * (`User disabled: <email>`) or its place in the list (`Invitations[0].Email`, contract 2.6).
 */
export function refuseInvite(seen: Seen): StoppedVerdict {
  const keys = seen.body.shape === 'fields' ? Object.keys(seen.body.fields) : [];
  const indexes = keys.flatMap((key) => {
    const index = /^Invitations\[(\d{1,7})\]/.exec(key)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  return {
    ...hold(seen, 'invite-refused'),
    about: { emails: emailsIn(bodyText(seen.body)), indexes },
  };
}
