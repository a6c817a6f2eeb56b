import { expect, expectTypeOf, test } from 'vitest';
import { defined } from '../src/defined.ts';

test('copies the fields that are not undefined', () => {
  const fields = { a: 1, b: undefined, c: null, d: '', e: 0 };
  expect(Object.keys(defined(fields))).toEqual(['a', 'c', 'd', 'e']);
});

test('makes a field optional when it may be undefined', () => {
  const made = defined({ a: 1, b: Math.random() < 2 ? 'x' : undefined });
  expectTypeOf(made).toExtend<{ a: number; b?: string }>();
});
