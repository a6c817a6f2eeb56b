import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emailHash } from '../../src/people/email-hash.ts';
import { FirstPlaces } from '../../src/preflight/first-places.ts';

test('a list of any people in any files has the first places that a Map gives', () => {
  const rows = fc.array(
    fc.record({
      person: fc.nat(3000),
      file: fc.constantFrom('a.csv', 'b.csv', 'a b.xlsx'),
      line: fc.nat(2 ** 32 - 1),
    }),
    { maxLength: 8000, size: 'max' },
  );
  fc.assert(
    fc.property(rows, (given) => {
      const [places, map] = [new FirstPlaces(), new Map<string, object>()];
      for (const { person, ...at } of given) {
        const hash = emailHash(`p${person}@example.com`);
        expect(places.find(hash)).toEqual(map.get(hash));
        if (map.has(hash)) continue;
        map.set(hash, at);
        places.add(hash, at);
      }
    }),
    { numRuns: 10 },
  );
});

test('the place of each of 300,000 people takes at most 24 bytes, also right after it grew', () => {
  const places = new FirstPlaces();
  let most = 0;
  for (let line = 1; line <= 300_000; line += 1) {
    places.add(emailHash(`p${line}@example.com`), { file: 'people.csv', line });
    if (line >= 200_000) most = Math.max(most, places.bytes / line);
  }
  expect(most).toBeLessThanOrEqual(24);
  expect(places.bytes).toBeGreaterThan(16 * 300_000);
  const last = places.find(emailHash('p300000@example.com'));
  expect(last).toEqual({ file: 'people.csv', line: 300_000 });
});

test('hashes that begin alike differ by their rest', () => {
  const places = new FirstPlaces();
  const hashes = Array.from({ length: 500 }, (_, index) => `AAAAAAAAAA${index + 100}AAAAAAAAA`);
  for (const [index, hash] of hashes.entries()) places.add(hash, { file: 'a.csv', line: index });
  expect(hashes.map((hash) => places.find(hash)?.line)).toEqual([...hashes.keys()]);
});
