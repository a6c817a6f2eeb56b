import { passesEmailAttribute } from '../people/addresses.ts';
import { employeeType, parseEmployeeType } from '../people/employee-type.ts';
import { ValidationError } from './portal-exceptions.ts';
import { fieldsOf } from './request-body.ts';

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

  /** A list of GUIDs, or undefined for null and absent ones. @throws ValidationError */
  guids(name: string): string[] | undefined {
    return this.list(name)?.map((value, index) => {
      if (typeof value === 'string' && GUID.test(value)) return value;
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
