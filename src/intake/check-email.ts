import type { FaultCode } from './entry.ts';

/** One fault of one value; the caller adds field and value. */
export interface Finding {
  code: FaultCode;
  reason: string;
}

/** Length of the portal's column and of its validator (P-CREATE-02). */
const MAX_EMAIL_LENGTH = 255;

// Atoms separated by single dots, hence no dot at either end (P-INVITE-05). MySQL's utf8mb3 columns
// cannot store characters beyond the BMP.
const LOCAL_PART =
  /^[^\s\p{Z}\p{C}<>()[\]\\.,;:@"\u{10000}-\u{10ffff}]+(?:\.[^\s\p{Z}\p{C}<>()[\]\\.,;:@"\u{10000}-\u{10ffff}]+)*$/u;
const DOMAIN = /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i;
const PUNYCODE = /(?:^|\.)xn--/i;

/** All faults of an address by the stricter rule of the portal's invite (P-INVITE-05). */
export function checkEmail(email: string): Finding[] {
  const parts = email.split('@');
  const [local, domain] = parts;
  if (parts.length !== 2 || !local || !domain || /[<>]/.test(email)) {
    return [{ code: 'email-shape', reason: shapeReason }];
  }
  const findings: Finding[] = [];
  if (email.length > MAX_EMAIL_LENGTH) findings.push({ code: 'too-long', reason: lengthReason });
  if (!LOCAL_PART.test(local)) findings.push({ code: 'email-local', reason: localReason });
  if (!DOMAIN.test(domain) || PUNYCODE.test(domain)) {
    findings.push({ code: 'email-domain', reason: domainReason });
  }
  return findings;
}

const shapeReason =
  'The e-mail must be a bare address such as ana@example.com: one @ with text on both sides, no display name.';
const lengthReason = `The e-mail has more than ${MAX_EMAIL_LENGTH} characters.`;
const localReason =
  'The part before the @ may not have spaces, commas, semicolons, colons, double quotes, brackets, backslashes, emoji, doubled dots, or a dot at either end.';
const domainReason =
  'The part after the @ must be a domain of ASCII letters, digits and hyphens that ends in at least two letters, and not punycode (xn--).';
