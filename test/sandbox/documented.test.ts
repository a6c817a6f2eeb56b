import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openSandbox } from './support.ts';

const text = readFileSync(resolve('docs/sandbox.md'), 'utf8');
const [, faults = '', state = ''] = text.split(/^## .*$/m);

/** Texts in backticks, in the first cell of a table or anywhere in the text. */
function named(part: string): Set<string> {
  return new Set([...part.matchAll(/`([A-Za-z0-9]+)`/g)].map(([, name = '']) => name));
}

function namesIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const isGroup = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isGroup ? [name, ...namesIn(inner)] : [name];
  });
}

it('sandbox.md names every fault and every state that can be set', async () => {
  const sandbox = await openSandbox();
  const known = namesIn(sandbox.faults());
  expect(known).toContain('refusedMidway');
  expect(known.filter((name) => !named(faults).has(name))).toEqual([]);
});

it('sandbox.md describes no fault that cannot be set', async () => {
  const sandbox = await openSandbox();
  const known = ['reset', ...namesIn(sandbox.faults())];
  const rows = [...faults.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell = '']) => cell);
  const described = rows.flatMap((cell) => [...named(cell)]);
  expect(described.length).toBeGreaterThan(20);
  expect(described.filter((name) => !known.includes(name))).toEqual([]);
});

it('sandbox.md names everything that the state tells', async () => {
  const fields = Object.keys((await openSandbox()).state());
  expect(fields.filter((name) => !named(state).has(name))).toEqual([]);
});

it('the faults that sandbox.md shows as an answer can be set, and are the start of it', async () => {
  const [, shown = '{}'] = /zeros are omitted[^`]*```json\n([\s\S]*?)```/.exec(faults) ?? [];
  const sandbox = await openSandbox({ latencyMs: 20, seed: 7 });
  const before = sandbox.faults();
  sandbox.setFaults({ create: { resetAfter: 0.2 } });
  sandbox.setFaults({ create: { race403: 0.1 }, tariff: 'unpaid' });
  expect(sandbox.faults()).toMatchObject(JSON.parse(shown));
  sandbox.setFaults({ reset: true });
  expect(sandbox.faults()).toEqual(before);
});
