const LETTERS = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u0080-\\uffff]+";
const ATOM = `${LETTERS}(?:\\.${LETTERS})*\\.?`;
const ADDRESS = `(?:"[^"\\\\]*"|${ATOM})@${ATOM}`;
const BARE = new RegExp(`^(?:[^"\\\\<>]*\\s)?(${ADDRESS})$`);
const ANGLED = new RegExp(`^[^"\\\\<>]*<(${ADDRESS})>$`);

const COMMENT = /\([^()"]*\)/g;

const INVITE_LOCAL = '[^<>()[\\]\\\\.,;:\\s@"]+(?:\\.[^<>()[\\]\\\\.,;:\\s@"]+)*';
const INVITE_DOMAIN = '(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}';
const INVITE = new RegExp(`^${INVITE_LOCAL}@${INVITE_DOMAIN}$`);
/** Longest label of a name in the DNS. */
const MAX_LABEL = 63;

/** .NET's e-mail attribute: exactly one `@`, not at either end, no line break (P-CREATE-02). */
export function passesEmailAttribute(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && at < text.length - 1 && at === text.lastIndexOf('@') && !/[\r\n]/.test(text);
}

/**
 * Parses an address like .NET's MailAddress: without surrounding spaces, display name and comments;
 * undefined where it throws (P-CREATE-04).
 */
export function parseAddress(text: string): string | undefined {
  const trimmed = text.replace(COMMENT, '').trim();
  return (BARE.exec(trimmed) ?? ANGLED.exec(trimmed))?.[1];
}

/**
 * The fault of an address under the stricter rule of POST /people/invite (P-INVITE-05), which is a
 * pattern and then the IDN test of the whole address, the local part and the domain.
 */
export function inviteFault(email: string): 'pattern' | 'decoded' | undefined {
  if (!INVITE.test(email)) return 'pattern';
  const texts = [email, localPart(email), email.slice(email.lastIndexOf('@') + 1)];
  const labels = texts.flatMap((text) => text.split('.'));
  if (!labels.every(isPlainLabel)) return 'pattern';
  return labels.some((label) => label.slice(2, 4) === '--') ? 'decoded' : undefined;
}

function isPlainLabel(label: string): boolean {
  const isAscii = /^[\x20-\x7e]+$/.test(label);
  return isAscii && label.length <= MAX_LABEL && !/^-|-$|^xn--/i.test(label);
}

/** The part before the `@`, from which the portal makes the user name. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}
