import { passesEmailAttribute } from '../people/addresses.ts';
import { employeeType, parseEmployeeType } from '../people/employee-type.ts';
import { conversionError, fieldsOf } from './request-body.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Longest text that the attributes of the request accept. */
const MAX_TEXT = 255;

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
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw conversionError(`${this.#path}.${name}`, 'System.String');
    return value;
  }

  /** EmployeeType, All when absent; null does not convert. @throws ValidationError */
  type(): number {
    const value = this.raw('type');
    if (value === undefined) return employeeType.All;
    const type = parseEmployeeType(value);
    if (type === undefined) {
      throw conversionError(`${this.#path}.type`, 'ASC.Core.Users.EmployeeType');
    }
    return type;
  }

  /** A list of GUIDs, or undefined for null and absent ones. @throws ValidationError */
  guids(name: string): string[] | undefined {
    return this.list(name)?.map((value, index) => {
      if (typeof value === 'string' && GUID.test(value)) return value;
      throw conversionError(`${this.#path}.${name}[${index}]`, 'System.Guid');
    });
  }

  /** A list of anything, or undefined for null and absent ones. @throws ValidationError */
  list(name: string): unknown[] | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) {
      throw conversionError(`${this.#path}.${name}`, 'System.Collections.Generic.List');
    }
    return value;
  }

  raw(name: string): unknown {
    return this.#values.get(name.toLowerCase());
  }
}

/** The faults of an e-mail field under its attributes; null passes, the empty string does not. */
export function emailFaults(email: string | undefined): string[] {
  if (email === undefined) return [];
  const shape = 'The Email field is not a valid e-mail address.';
  const faults = lengthFaults('Email', email);
  return passesEmailAttribute(email) ? faults : [shape, ...faults];
}

/** The fault of a text longer than 255 UTF-16 units. */
export function lengthFaults(name: string, text: string | undefined): string[] {
  if (text === undefined || text.length <= MAX_TEXT) return [];
  return [`The field ${name} must be a string with a maximum length of ${MAX_TEXT}.`];
}
