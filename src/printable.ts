/**
 * Characters that move the cursor, ring the bell, turn a line around or hide: C0, DEL and C1,
 * format characters (bidi), line separators and lone surrogates. Joiners inside a word stay, because
 * names in Persian, Hindi or Sinhala are written with them.
 */
const UNPRINTABLE =
  /(?<![\p{L}\p{M}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}])|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Unprintable characters that JSON does not escape. */
export const BEYOND_ASCII = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of somebody else for one line: every unprintable character is written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeOf);
}

/** As `printable`, for a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Makes one line from our words and from values of others: cells, names of files, answers. */
export function line(words: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: words }, ...values.map((value) => printable(String(value))));
}

/** JSON on one line that is safe on a terminal and parses to exactly this value. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeOf);
}

/** The escape of a character as JSON has it: both halves for one beyond U+FFFF. */
export function escapeOf(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
