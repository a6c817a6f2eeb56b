import { expect, test } from 'vitest';
import { read, tracked } from './support/documents.ts';

const FACTS = ['docs/portal.md', 'docs/bullmq.md'];
const ID = /\b[PB]-[A-Z]{3,}-\d{2}\b/g;

const defined = FACTS.flatMap((path) =>
  [...read(path).matchAll(/^- \*\*([PB]-[A-Z]+-\d{2})\*\*/gm)].map(([, id = '']) => id),
);
const sources = tracked.filter((path) => /^(?:src|test|scripts|docs)\//.test(path));

test('every fact has an id of its own', () => {
  expect(defined.length).toBeGreaterThan(100);
  expect(defined.filter((id, at) => defined.indexOf(id) !== at)).toEqual([]);
});

test('every id that is named is defined', () => {
  const named = new Set(sources.flatMap((path) => read(path).match(ID) ?? []));
  expect(named.size).toBeGreaterThan(50);
  expect([...named].filter((id) => !defined.includes(id))).toEqual([]);
});

test('facts are named by their ids', () => {
  const otherwise =
    /docspace-contract|\b(?:trap|invariant)s? \d|\bcontract \d|bullmq\.md,|\brule R\d/i;
  const own = sources.filter((path) => path !== 'test/docs-facts.test.ts');
  expect(own.filter((path) => otherwise.test(read(path)))).toEqual([]);
});
