import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

/** Parts that use a queue; elsewhere `remove` is about files. */
const PARTS = ['batch', 'commands', 'dashboard', 'ledger', 'queue', 'worker'];

/**
 * Calls that read a whole flow at once, or that block Redis for seconds and release a parent
 * (B-REMOVE-01, B-FLOW-09).
 */
const FORBIDDEN =
  /\b(getChildrenValues|getDependencies|removeUnprocessedChildren|drain|obliterate|clean|remove)\(/g;

/** Allowed forms of these calls: those that read one page, or leave the children. */
const BOUNDED =
  /\b(getDependencies\(\{ unprocessed|remove\((?:\w+(?:\([\w, ]*\))?, )?\{ removeChildren: false \}\))/g;

function calls(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return [...code.replace(BOUNDED, '').matchAll(FORBIDDEN)].map((match) => match[1] ?? '');
}

test('no source reads a whole flow at once or removes jobs in bulk', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => PARTS.includes(file.split(/[/.]/)[0] ?? ''));
  expect(sources.filter((file) => file.startsWith('worker/')).length).toBeGreaterThan(10);
  const found = sources.flatMap((file) => {
    if (!/\.tsx?$/.test(file)) return [];
    return calls(readFileSync(join(SRC, file), 'utf8')).map((call) => `${file}: ${call}`);
  });
  expect(found).toEqual([]);
});

test('the check sees a call, but not one that only a comment names', () => {
  expect(calls('await parent.getChildrenValues();\njob.remove();')).toHaveLength(2);
  expect(calls('job.remove({ removeChildren: true })')).toHaveLength(1);
  expect(calls('job.remove({ removeChildren: false })')).toEqual([]);
  expect(
    calls("queue.remove(id(a, 1), { removeChildren: false }); queue.remove('a');"),
  ).toHaveLength(1);
  expect(calls('// queue.drain() blocks\n/** obliterate() too */')).toEqual([]);
});
