import type { Finding } from './check-email.ts';

/** Width of the portal's columns in UTF-16 units, as .NET counts (P-CREATE-12). */
const MAX_NAME_LENGTH = 64;

/** The portal's default name rule (P-CREATE-05). */
export const defaultNamePattern: RegExp = /^[\p{L}\p{M}' -]+$/u;

/** Replaces the apostrophes U+2019 and U+02BC by the one that the portal allows (P-CREATE-05). */
export function withPlainApostrophe(name: string): string {
  return name.replace(/[\u2019\u02BC]/g, "'");
}

/** All faults of a name that is not empty; `pattern` must not be global or sticky. */
export function checkName(name: string, pattern: RegExp): Finding[] {
  const findings: Finding[] = [];
  if (name.length > MAX_NAME_LENGTH) {
    findings.push({
      code: 'too-long',
      reason: `The name has more than ${MAX_NAME_LENGTH} characters.`,
    });
  }
  if (/[\u{10000}-\u{10ffff}]/u.test(name)) {
    findings.push({
      code: 'name-beyond-bmp',
      reason: 'The name has an emoji or a rare character that the portal cannot store.',
    });
  } else if (!pattern.test(name)) {
    findings.push({ code: 'name-characters', reason: patternReason(pattern) });
  }
  return findings;
}

function patternReason(pattern: RegExp): string {
  return pattern.source === defaultNamePattern.source
    ? 'The name may have only letters, spaces, hyphens and apostrophes; no digits, dots or brackets.'
    : `The name does not match the rule of the portal, ${pattern.source}`;
}
