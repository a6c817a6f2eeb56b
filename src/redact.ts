const KEY_PATTERN = /sk-[0-9a-zA-Z]{8,}/g;
/**
 * Matches an escape of JSON or an address. Escapes come first, so that the n of `\n` never becomes the
 * first letter of an address, which would break the JSON. The limit of 255 characters, the longest
 * address, bounds the search in a long text without spaces.
 */
const ESCAPE_OR_EMAIL =
  /\\(?:u[0-9a-f]{4}|.)|(?:[^\s"'<>,;:()\\@]{1,255}'*|'+)@[^\s"'<>,;:()\\@]+/gi;

/** Replaces every API key, and each of `secrets`, by `[key]`. */
export function withoutKeys(text: string, secrets: readonly string[]): string {
  let rest = text.replace(KEY_PATTERN, '[key]');
  for (const secret of secrets) rest = rest.replaceAll(secret, '[key]');
  return rest;
}

/** Masks every e-mail address of a text. */
export function withoutAddresses(text: string, mask = maskEmail): string {
  return text.replace(ESCAPE_OR_EMAIL, (found) => (found.startsWith('\\') ? found : mask(found)));
}

/** Reduces an address to its first letter and its domain, for logs. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
