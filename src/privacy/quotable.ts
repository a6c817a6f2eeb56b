import { maskEmail, spellingsOf, withoutKeys } from './redact.ts';

const QUOTE_LENGTH = 200;
// Masking is quadratic in the longest run without a space; this bounds it to some milliseconds.
const READ_LENGTH = 4000;
// Quotes, and characters that precede an address in a URL, may also be its last one before the @.
const EMAIL_PATTERN = /(?:[^\s"'<>,;:()=&?/]+['=&?/]*|['=&?/]+)(?:@|%40)[^\s"'<>,;:()=&?/]+/gi;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\s]+/gu;

/**
 * Foreign text made fit for a report: one line, without the key, e-mails masked, at most 200
 * characters. Keys and e-mails go before the cut, or half of one could stay.
 */
export function quotable(text: string, secret = ''): string {
  const line = shorten(withoutKeys(text, spellingsOf([secret])).replace(UNPRINTABLE, ' '));
  const masked = line.replace(EMAIL_PATTERN, mask).trim();
  return masked.length > QUOTE_LENGTH ? `${masked.slice(0, QUOTE_LENGTH - 1)}…` : masked;
}

/** The e-mails that a foreign text names, in the clear. */
export function emailsIn(text: string): string[] {
  const words = shorten(text).match(EMAIL_PATTERN) ?? [];
  return words.map((word) => word.replace(/\.+$/, ''));
}

// Text after an escaped @ may be another address.
function mask(found: string): string {
  return /%40/.test(found) ? '***' : maskEmail(found);
}

// The last word may be cut through, and half an e-mail would not be seen as one.
function shorten(line: string): string {
  return line.length > READ_LENGTH ? line.slice(0, READ_LENGTH).replace(/\S*$/, '') : line;
}
