/** .NET codes of `hresult`; others have the code of System.Exception. */
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
  /** Full .NET type name, the only part of shape A that is not translated (P-ERROR-05). */
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

/** An invalid body or query, answered as shape B (P-ERROR-02). */
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

/** 403 with the fixed English text; the type names the check (P-ROLE-06). */
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

/** 400 for a null value; the text is never translated. */
export function nullArgument(parameter: string): PortalError {
  const message = `Value cannot be null. (Parameter '${parameter}')`;
  return new PortalError(400, 'System.ArgumentNullException', message);
}

/** 400 for a culture name that .NET refuses. */
export function unknownCulture(name: string): PortalError {
  const message = `Culture is not supported. (Parameter 'name')\n${name} is an invalid culture identifier.`;
  return new PortalError(400, 'System.Globalization.CultureNotFoundException', message);
}

/** 403 for a user name that another request took first; never translated. */
export function usernameTaken(): PortalError {
  return new PortalError(403, 'System.InvalidOperationException', 'User already exist.');
}

/** 500 for a failure of the database. */
export function notSaved(): PortalError {
  const text = 'An error occurred while saving the entity changes. See the inner exception.';
  return new PortalError(500, 'Microsoft.EntityFrameworkCore.DbUpdateException', text);
}

/** 402 for an unpaid plan, for any type (P-CREATE-09). */
export function notInPlan(message: string): PortalError {
  return new PortalError(402, 'ASC.Core.Billing.BillingNotFoundException', message);
}

/** 402 without a free seat. */
export function overQuota(message: string): PortalError {
  return new PortalError(402, OVER_QUOTA, message);
}

/** Whether an error comes from `overQuota`, after which a creation falls back to User. */
export function isOverQuota(error: unknown): boolean {
  return error instanceof PortalError && error.type === OVER_QUOTA;
}
