import type { Answer, RequestFacts, RequestKind } from '../../src/portal/answer.ts';
import { classify } from '../../src/portal/classify.ts';

export const context = {
  now: Date.parse('2026-07-01T10:00:00Z'),
  random: () => 0.5,
  secret: 'sk-feed',
};

/** Exception types of the portal, as shape A names them. */
export const types = {
  argument: 'System.ArgumentException',
  invalid: 'System.InvalidOperationException',
  security: 'System.Security.SecurityException',
  format: 'System.FormatException',
  disposed: 'System.ObjectDisposedException',
  noFile: 'System.IO.FileNotFoundException',
  quota: 'ASC.Core.Tenants.TenantQuotaException',
  billing: 'ASC.Core.Billing.BillingNotFoundException',
  authorizing: 'ASC.Common.Security.Authorizing.AuthorizingException',
  lock: 'ASC.Common.Threading.DistributedLock.DistributedLockException',
  culture: 'System.Globalization.CultureNotFoundException',
  notFound: 'ASC.Common.Web.ItemNotFoundException',
  dbUpdate: 'Microsoft.EntityFrameworkCore.DbUpdateException',
};

/** A line of a table: its title, the request, the answer, kind and code of the verdict. */
export type Row = [what: string, request: RequestKind, answer: Answer, verdict: string];

/** Kind and code of a verdict, in one string to compare. */
export function verdictOf(request: RequestFacts | RequestKind, answer: Answer): string {
  const facts = typeof request === 'string' ? { kind: request } : request;
  const verdict = classify(facts, answer, context);
  return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
}
