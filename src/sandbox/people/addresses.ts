const ATOM = "(?!\\.)[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~.\\u0080-\\uffff]+";
const ADDRESS = `(?:"[^"\\\\]*"|${ATOM})@${ATOM}`;
const BARE = new RegExp(`^(?:[^"\\\\<>]*\\s)?(${ADDRESS})$`);
const ANGLED = new RegExp(`^[^"\\\\<>]*<(${ADDRESS})>$`);

const INVITE_LOCAL = '[^<>()[\\]\\\\.,;:\\s@"]+(?:\\.[^<>()[\\]\\\\.,;:\\s@"]+)*';
const INVITE_DOMAIN = '(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}';
const INVITE = new RegExp(`^${INVITE_LOCAL}@${INVITE_DOMAIN}$`);
const PUNYCODE = /@(?:.*\.)?xn--/i;

/** .NET's e-mail attribute: exactly one `@`, not at either end, no line break (P-CREATE-02). */
export function passesEmailAttribute(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && at < text.length - 1 && at === text.lastIndexOf('@') && !/[\r\n]/.test(text);
}

/**
 * Parses an address like .NET's MailAddress: without surrounding spaces and display name; undefined
 * where it throws (P-CREATE-04).
 */
export function parseAddress(text: string): string | undefined {
  const trimmed = text.trim();
  return (BARE.exec(trimmed) ?? ANGLED.exec(trimmed))?.[1];
}

/** The stricter rule of POST /people/invite (P-INVITE-05). */
export function isInvitable(email: string): boolean {
  return INVITE.test(email) && !PUNYCODE.test(email);
}

/** The part before the `@`, from which the portal makes the user name. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}
