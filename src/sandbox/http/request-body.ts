import { passesEmailAttribute } from '../people/addresses.ts';
import { employeeType, parseEmployeeType } from '../people/employee-type.ts';
import { PortalError, ValidationError } from './portal-exceptions.ts';
import type { Exchange } from './server-exchange.ts';

/** Kestrel's default (P-JSON-03). */
const MAX_BODY_BYTES = 30_000_000;
const JSON_TYPE = /^(?:application|text)\/json$|^application\/[^;]+\+json$/i;
const encodings: Readonly<Record<string, string>> = { 'utf-8': 'utf-8', 'utf-16': 'utf-16le' };
export const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Longest text that the attributes of the request accept. */
const MAX_TEXT = 255;

/**
 * The JSON of a request (P-CREATE-02, P-JSON-02).
 * @throws ValidationError for an unknown content type or charset, and an empty or malformed body
 * @throws PortalError 500 for a body over 30,000,000 bytes
 */
export async function readJson(exchange: Exchange): Promise<unknown> {
  const encoding = encodingOf(exchange.request.headers.get('content-type'));
  const declared = Number(exchange.request.headers.get('content-length') ?? 0);
  if (declared > MAX_BODY_BYTES) throw new PortalError('tooLarge', String(MAX_BODY_BYTES));
  const bytes = await bytesOf(exchange);
  if (bytes.byteLength > MAX_BODY_BYTES) throw new PortalError('tooLarge', String(MAX_BODY_BYTES));
  const value = parse(bytes, encoding);
  if (value === undefined || value === null) {
    throw new ValidationError({ '': ['A non-empty request body is required.'] });
  }
  return value;
}

/**
 * Counts entries with an e-mail for the invitation limiter, which precedes all checks of the body.
 */
export async function countInvitations(exchange: Exchange): Promise<number> {
  try {
    const value = parse(await bytesOf(exchange), 'utf-8');
    const entries = fieldsOf(value)?.get('invitations');
    if (!Array.isArray(entries)) return 0;
    return entries.filter((entry) => fieldsOf(entry)?.get('email')).length;
  } catch {
    return 0;
  }
}

/** The properties of a JSON object under lower-case names; undefined for anything else. */
export function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

function bytesOf(exchange: Exchange): Promise<ArrayBuffer> {
  exchange.bytes ??= exchange.request.arrayBuffer();
  return exchange.bytes;
}

function encodingOf(contentType: string | null): string {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  if (!JSON_TYPE.test(type)) throw new ValidationError(undefined, 415);
  const charset = parameters.find((one) => /^charset=/i.test(one));
  const name = charset?.slice('charset='.length).replaceAll('"', '').toLowerCase() ?? 'utf-8';
  const encoding = encodings[name];
  if (encoding === undefined) throw new ValidationError(undefined, 415);
  return encoding;
}

function parse(bytes: ArrayBuffer, encoding: string): unknown {
  if (bytes.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    throw new ValidationError({ $: ['The input is not valid JSON. Path: $.'] });
  }
}

/** Reads the properties of one JSON object by the portal's rules (P-JSON-01). */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #path: string;

  /** @throws ValidationError when `value` is not an object. */
  constructor(value: unknown, path: string, type: string) {
    const values = fieldsOf(value);
    if (values === undefined) throw conversionError(path, type);
    this.#values = values;
    this.#path = path;
  }

  /** A string, or undefined for null and absent ones. @throws ValidationError */
  text(name: string): string | undefined {
    return this.#read(name, 'String', (value) => typeof value === 'string');
  }

  /** A boolean, or undefined for null and absent ones. @throws ValidationError */
  flag(name: string): boolean | undefined {
    return this.#read(name, 'Boolean', (value) => typeof value === 'boolean');
  }

  /** A list of anything, or undefined for null and absent ones. @throws ValidationError */
  list(name: string): unknown[] | undefined {
    return this.#read(name, 'Collections.Generic.List', (value) => Array.isArray(value));
  }

  /** Whether the property is there, also as null. */
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  /** A GUID, or undefined for null and absent ones. @throws ValidationError */
  guid(name: string): string | undefined {
    return this.#read(name, 'Guid', isGuid);
  }

  /** A list of GUIDs, or undefined for null and absent ones. @throws ValidationError */
  guids(name: string): string[] | undefined {
    return this.list(name)?.map((value, index) => {
      if (isGuid(value)) return value;
      throw conversionError(`${this.#path}.${name}[${index}]`, 'System.Guid');
    });
  }

  /** EmployeeType, All when absent; null does not convert. @throws ValidationError */
  type(): number {
    const value = this.#values.get('type');
    const type = value === undefined ? employeeType.All : parseEmployeeType(value);
    if (type !== undefined) return type;
    throw conversionError(`${this.#path}.type`, 'ASC.Core.Users.EmployeeType');
  }

  #read<T>(name: string, type: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.#values.get(name.toLowerCase()) ?? undefined;
    if (value === undefined || is(value)) return value;
    throw conversionError(`${this.#path}.${name}`, `System.${type}`);
  }
}

function isGuid(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value);
}

/** Shape B for a value that does not convert; the key is its JSON path. */
function conversionError(path: string, type: string): ValidationError {
  const text = `The JSON value could not be converted to ${type}. Path: ${path}.`;
  return new ValidationError({ [path]: [text] });
}

/** The faults of an e-mail field under its attributes; null passes, the empty string does not. */
export function emailFaults(email: string | undefined): string[] {
  if (email === undefined) return [];
  const shape = 'The Email field is not a valid e-mail address.';
  const faults = lengthFaults('Email', email);
  return passesEmailAttribute(email) ? faults : [shape, ...faults];
}

/** The fault of a text longer than 255 UTF-16 units. */
export function lengthFaults(name: string, text = ''): string[] {
  if (text.length <= MAX_TEXT) return [];
  return [`The field ${name} must be a string with a maximum length of ${MAX_TEXT}.`];
}

/** @throws ValidationError with the fields that have faults, if there are any */
export function checkFaults(faultsOf: Readonly<Record<string, string[]>>): void {
  const found = Object.entries(faultsOf).filter(([, faults]) => faults.length > 0);
  if (found.length > 0) throw new ValidationError(Object.fromEntries(found));
}
