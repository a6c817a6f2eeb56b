import type { Fault } from './entry.ts';

/** Limit of the characters that a fault quotes. */
const SHOWN_LENGTH = 120;

/** A fault for storing and printing: its value shortened, control characters escaped. */
export function faultOf(fault: Fault): Fault {
  return { ...fault, value: printable(fault.value) };
}

function printable(value: string): string {
  const short = value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value;
  return short.replace(
    /[\p{Cc}\p{Cs}]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
