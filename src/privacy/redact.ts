const KEY_PATTERN = /sk-[0-9a-zA-Z]{8,}/g;
/**
 * Matches an escape of JSON, an address, or a word without `@`. Escapes come first, so that the n
 * of `\n` never becomes the first letter of an address, which would break the JSON. Words are
 * matched as a whole, so that a long text without spaces is searched once.
 */
const ESCAPE_OR_WORD = /\\(?:u[0-9a-f]{4}|.)|(?:[^\s"'<>,;:()\\@]+'*|'+)(?:@[^\s"'<>,;:()\\@]+)?/gi;

/** Shorter secrets are part of ordinary words and numbers. */
const LEAST_SECRET = 4;

/**
 * The spellings of each secret that a text may hold, longest first: plain, as part of an address,
 * and as JSON escapes it, alone, in a JSON text, and in a JSON text inside one.
 */
export function spellingsOf(secrets: readonly string[]): string[] {
  const spellings = secrets.flatMap((secret) => {
    if (secret.length < LEAST_SECRET) return [];
    const once = escaped(secret);
    const twice = escaped(once);
    return [secret, encodeURIComponent(secret), once, twice, escaped(twice)];
  });
  return [...new Set(spellings)].sort((one, other) => other.length - one.length);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * Replaces each spelling of a secret, then whatever looks like an API key, by `[key]`. Secrets go
 * first: one that only begins like a key would leave its end.
 */
export function withoutKeys(text: string, spellings: readonly string[]): string {
  let rest = text;
  for (const spelling of spellings) rest = rest.replaceAll(spelling, '[key]');
  return rest.replace(KEY_PATTERN, '[key]');
}

/** Masks every e-mail address of a text. */
export function withoutAddresses(text: string, mask = maskEmail): string {
  if (!text.includes('@')) return text;
  const isAddress = (found: string) => !found.startsWith('\\') && found.includes('@');
  return text.replace(ESCAPE_OR_WORD, (found) => (isAddress(found) ? mask(found) : found));
}

/** Reduces an address to its first letter and its domain, for logs. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
