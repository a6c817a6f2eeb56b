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

const CULTURE =
  "Culture is not supported. (Parameter 'name')\n{0} is an invalid culture identifier.";
const ADDRESS = 'The specified string is not in the form required for an e-mail address.';
const ENTITY = 'An error occurred while saving the entity changes. See the inner exception.';
const REFERENCE = 'Object reference not set to an instance of an object.';
const SIZE = 'Request body too large. The max request body size is {0} bytes.';

/**
 * Exceptions of the portal: status, .NET type, and text with {0} for the detail. The type of a 403
 * names the check (P-ROLE-06).
 */
const exceptions = {
  badArgument: [400, 'System.ArgumentException', '{0}'],
  nullArgument: [400, 'System.ArgumentNullException', "Value cannot be null. (Parameter '{0}')"],
  unknownCulture: [400, 'System.Globalization.CultureNotFoundException', CULTURE],
  noCaller: [401, 'System.Security.Authentication.AuthenticationException', 'No caller'],
  /** The plan is not paid, for any type (P-CREATE-09). */
  notInPlan: [402, 'ASC.Core.Billing.BillingNotFoundException', '{0}'],
  /** No seat is free. */
  overQuota: [402, 'ASC.Core.Tenants.TenantQuotaException', '{0}'],
  accessDenied: [403, 'System.Security.SecurityException', 'Access denied'],
  notAuthorized: [403, 'ASC.Common.Security.Authorizing.AuthorizingException', 'Access denied'],
  /** Another request took the user name first. */
  usernameTaken: [403, 'System.InvalidOperationException', 'User already exist.'],
  notFound: [404, 'ASC.Common.Web.ItemNotFoundException', '{0}'],
  notAnAddress: [500, 'System.FormatException', ADDRESS],
  nullReference: [500, 'System.NullReferenceException', REFERENCE],
  tooLarge: [500, 'Microsoft.AspNetCore.Server.Kestrel.Core.BadHttpRequestException', SIZE],
  /** The database fails. */
  notSaved: [500, 'Microsoft.EntityFrameworkCore.DbUpdateException', ENTITY],
  lockNotObtained: [
    500,
    'ASC.Common.Threading.DistributedLock.Abstractions.DistributedLockException',
    'The distributed lock was not obtained in time',
  ],
  /** An absent event bus prevents the mail and all later steps (P-CREATE-13). */
  mailNotSent: [
    500,
    'RabbitMQ.Client.Exceptions.BrokerUnreachableException',
    'None of the specified endpoints were reachable',
  ],
  /** The host of a request with a key is no portal (P-KEY-11). */
  noTenant: [500, 'System.Exception', 'Could not resolve current tenant :-(.'],
  sandboxFailed: [500, 'System.Exception', 'The sandbox itself failed'],
} as const;

/** An exception inside the portal, answered as shape A (P-ERROR-01). */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  readonly kind: keyof typeof exceptions;
  readonly status: number;
  /** Full .NET type name, the only part of shape A that is not translated (P-ERROR-05). */
  readonly type: string;

  constructor(kind: keyof typeof exceptions, detail = '') {
    const [status, type, text] = exceptions[kind];
    super(text.replace('{0}', () => detail));
    this.kind = kind;
    this.status = status;
    this.type = type;
  }

  get hresult(): number {
    return hresults[this.type] ?? SYSTEM_EXCEPTION;
  }
}

/**
 * A request that the portal does not bind: an invalid body or query (P-ERROR-02), or with 415 a
 * content type that it does not read (P-ERROR-06, P-JSON-02).
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly errors: Readonly<Record<string, readonly string[]>> | undefined;
  readonly status: 400 | 415;

  constructor(errors: ValidationError['errors'], status: 400 | 415 = 400) {
    super('One or more validation errors occurred.');
    this.errors = errors;
    this.status = status;
  }
}
