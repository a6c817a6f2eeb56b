const KEY_PATTERN = /sk-[0-9a-zA-Z]{8,}/g;
/**
 * An escape of JSON, or an address. Escapes come first, so that the n of `\n` is never taken for the
 * first letter of an address, which would leave a line that is no JSON.
 */
const ESCAPE_OR_EMAIL = /\\(?:u[0-9a-f]{4}|.)|(?:[^\s"'<>,;:()\\@]+'*|'+)@[^\s"'<>,;:()\\@]+/gi;

/** A text with every API key, and each of `secrets`, as `[key]`. */
export function withoutKeys(text: string, secrets: readonly string[]): string {
  let rest = text.replace(KEY_PATTERN, '[key]');
  for (const secret of secrets) rest = rest.replaceAll(secret, '[key]');
  return rest;
}

/** A text with every e-mail address masked. */
export function withoutAddresses(text: string): string {
  return text.replace(ESCAPE_OR_EMAIL, (found) =>
    found.startsWith('\\') ? found : maskEmail(found),
  );
}

/** An address that can be logged: first letter and domain only. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
