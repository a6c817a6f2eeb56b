import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type AskOptions, field, type Probe, type Seen } from './probe.ts';

/** One observable statement of docs/portal.md. */
export interface Fact {
  readonly id: string;
  readonly says: string;
  /** `safe` on any portal; the others spend limits and seats, need several keys, or spoil a portal. */
  readonly risk: 'safe' | 'sandbox-only';
  /** State of the sandbox. */
  readonly state?: SandboxOptions;
  observe(portal: Probe): Promise<unknown>;
  /** Every named property must match: a RegExp, a test, undefined for an absent one, or the value. */
  readonly expected: unknown;
}

/** A test of one value; its name is what is printed. */
type Test = (value: unknown) => boolean;

export const anyText: Test = (value) => typeof value === 'string';
export const anyNumber: Test = (value) => typeof value === 'number';
export const anyList: Test = (value) => Array.isArray(value);

/** Whether an observation has everything that a fact expects. */
export function matches(expected: unknown, observed: unknown): boolean {
  if (typeof expected === 'function') return expected(observed) === true;
  if (expected instanceof RegExp) return typeof observed === 'string' && expected.test(observed);
  if (Array.isArray(expected)) {
    if (!Array.isArray(observed) || observed.length !== expected.length) return false;
    return expected.every((one, index) => matches(one, observed[index]));
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, observed);
  return Object.entries(expected).every(([name, one]) => matches(one, field(observed, name)));
}

/** One line of text for an expectation or an observation. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => {
    if (typeof one === 'function') return `<${one.name}>`;
    if (one instanceof RegExp) return String(one);
    return one === undefined ? '<absent>' : one;
  });
  return text ?? 'nothing';
}

/** The observation of one request. */
export function ask(request: string, options: AskOptions = {}): Fact['observe'] {
  return (portal) => portal.ask(request, options);
}

/** The observation of one creation. */
export function create(more: Record<string, unknown>, options: AskOptions = {}): Fact['observe'] {
  return (portal) => portal.create(more, options);
}

/** A fact that spends seats, mails new people, or spoils a portal. */
export const harmful = (
  id: string,
  says: string,
  rest: Omit<Fact, 'id' | 'says' | 'risk'>,
): Fact => ({
  ...{ id, says, risk: 'sandbox-only' },
  ...rest,
});

/** The statuses of several requests, each sent after the answer to the one before. */
export async function inTurn(calls: readonly (() => Promise<Seen>)[]): Promise<number[]> {
  const found: number[] = [];
  for (const call of calls) found.push((await call()).status);
  return found;
}

/** Shape A (P-ERROR-01). */
export function shapeA(status: number, type: string | RegExp, message?: string | RegExp): object {
  const error = { type, ...(message !== undefined && { message }) };
  return { status, json: { error, status: 1, statusCode: status } };
}

/** Shape B (P-ERROR-02). */
export function shapeB(key: string): object {
  return { status: 400, json: { response: { status: 400, errors: { [key]: anyList } } } };
}

/** Shape C (P-ERROR-03). */
export function shapeC(status: number): object {
  return { status, type: /^application\/problem\+json/, json: { status, response: undefined } };
}

/** Shape D without a page (P-ERROR-04). */
export function empty(status: number): object {
  return { status, text: '' };
}

/** Exceptions of the portal by name. */
export const thrown = {
  argument: 'System.ArgumentException',
  nullArgument: 'System.ArgumentNullException',
  nullReference: 'System.NullReferenceException',
  format: 'System.FormatException',
  security: 'System.Security.SecurityException',
  authorizing: 'ASC.Common.Security.Authorizing.AuthorizingException',
  operation: 'System.InvalidOperationException',
  culture: 'System.Globalization.CultureNotFoundException',
  notFound: 'ASC.Common.Web.ItemNotFoundException',
  database: 'Microsoft.EntityFrameworkCore.DbUpdateException',
  quota: 'ASC.Core.Tenants.TenantQuotaException',
  billing: 'ASC.Core.Billing.BillingNotFoundException',
} as const;
