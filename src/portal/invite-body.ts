import type { AccountType } from '../people/account-types.ts';
import type { StreamedBody } from './exchange.ts';

/** Most bytes of a body that the portal reads (P-JSON-03). */
export const MOST_BODY_BYTES = 30_000_000;

/** One invite: everybody in it is sent in a single request. */
export interface Invitations {
  /** Number of people. */
  people: number;
  /** Their e-mails in slices. Each call reads them from the first one on, and gives the same. */
  emails: () => AsyncIterable<readonly string[]>;
  /** The type of every entry. */
  type: AccountType;
  culture?: string | undefined;
}

/** An invite whose request is ready to be sent. */
export interface MeasuredInvitations extends Invitations {
  /** Length of its body. */
  bytes: number;
}

/**
 * Reads all e-mails once, for the length of the body: nothing is known of a portal that takes a body
 * without one, and a body that ends before it was never whole.
 * @throws whatever `emails` throws.
 */
export async function measure(invitations: Invitations): Promise<MeasuredInvitations> {
  let bytes = 0;
  for await (const piece of piecesOf(invitations)) bytes += Buffer.byteLength(piece);
  return { ...invitations, bytes };
}

/** The body, read while it is sent: its memory is that of a slice. */
export function streamed(invitations: MeasuredInvitations): StreamedBody {
  return { bytes: invitations.bytes, pieces: () => piecesOf(invitations) };
}

/**
 * The entries of people in the body. One call for a slice: a call for each person takes 0.8 instead of
 * 0.4 microseconds.
 */
export function entriesOf(emails: readonly string[], type: AccountType): string {
  return JSON.stringify(emails.map((email) => ({ email, type }))).slice(1, -1);
}

async function* piecesOf({ emails, type, culture }: Invitations): AsyncGenerator<string> {
  yield '{"invitations":[';
  let comma = '';
  for await (const slice of emails()) {
    yield comma + entriesOf(slice, type);
    comma = ',';
  }
  // After the last e-mail: a body whose people cannot be read to the end stays without its end.
  yield culture === undefined ? ']}' : `],"culture":${JSON.stringify(culture)}}`;
}
