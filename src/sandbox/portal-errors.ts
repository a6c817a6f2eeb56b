/** The .NET codes behind `hresult`; whatever is not listed bears the one of System.Exception. */
const hresults: Readonly<Record<string, number>> = {
  'System.ArgumentException': -2147024809,
  'System.ArgumentNullException': -2147467261,
  'System.Globalization.CultureNotFoundException': -2147024809,
  'System.InvalidOperationException': -2146233079,
  'System.FormatException': -2146233033,
  'System.Security.SecurityException': -2146233078,
  'System.NullReferenceException': -2147467261,
};
const SYSTEM_EXCEPTION = -2146233088;
const OVER_QUOTA = 'ASC.Core.Tenants.TenantQuotaException';

/** An exception inside the portal, answered as shape A (P-ERROR-01). */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  readonly status: number;
  /** Full .NET type name, the only thing in shape A that is not localised. */
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }

  get hresult(): number {
    return hresults[this.type] ?? SYSTEM_EXCEPTION;
  }
}

/** A body or query that does not bind or validate, answered as shape B (P-ERROR-02). */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly errors: Readonly<Record<string, readonly string[]>>;

  constructor(errors: Readonly<Record<string, readonly string[]>>) {
    super('One or more validation errors occurred.');
    this.errors = errors;
  }
}

/** A content type that the portal does not read, answered with 415 (P-ERROR-06, P-JSON-02). */
export class MediaTypeError extends Error {
  override readonly name = 'MediaTypeError';
}

/** 403 with the fixed English text; the type says which check refused (P-ROLE-06). */
export function accessDenied(
  type:
    | 'System.Security.SecurityException'
    | 'ASC.Common.Security.Authorizing.AuthorizingException' = 'System.Security.SecurityException',
): PortalError {
  return new PortalError(403, type, 'Access denied');
}

/** 400 with a text of the portal. */
export function badArgument(message: string): PortalError {
  return new PortalError(400, 'System.ArgumentException', message);
}

/** 400 for a value that must not be null; the text is never localised. */
export function nullArgument(parameter: string): PortalError {
  const message = `Value cannot be null. (Parameter '${parameter}')`;
  return new PortalError(400, 'System.ArgumentNullException', message);
}

/** 400 for a culture name that .NET refuses. */
export function unknownCulture(name: string): PortalError {
  const message = `Culture is not supported. (Parameter 'name')\n${name} is an invalid culture identifier.`;
  return new PortalError(400, 'System.Globalization.CultureNotFoundException', message);
}

/** 403 for a user name that somebody else was quicker to take; never localised. */
export function usernameTaken(): PortalError {
  return new PortalError(403, 'System.InvalidOperationException', 'User already exist.');
}

/** 500 for a failure of the database. */
export function notSaved(): PortalError {
  const text = 'An error occurred while saving the entity changes. See the inner exception.';
  return new PortalError(500, 'Microsoft.EntityFrameworkCore.DbUpdateException', text);
}

/** 402 for a plan that is not paid up, whoever is to be created (P-CREATE-09). */
export function notInPlan(message: string): PortalError {
  return new PortalError(402, 'ASC.Core.Billing.BillingNotFoundException', message);
}

/** 402 for a seat that the plan does not have. */
export function overQuota(message: string): PortalError {
  return new PortalError(402, OVER_QUOTA, message);
}

/** Whether an error is the one of `overQuota`, after which a creation falls back to User. */
export function isOverQuota(error: unknown): boolean {
  return error instanceof PortalError && error.type === OVER_QUOTA;
}
