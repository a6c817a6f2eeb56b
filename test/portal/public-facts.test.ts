import { expect, test } from 'vitest';
import { defaultNamePattern } from '../../src/intake/cells/cell-rules.ts';
import { entryMaker } from '../../src/intake/cells/validate.ts';
import { createPortal } from '../../src/portal/client.ts';
import { patternFrom, readPublicFacts } from '../../src/portal/public-facts.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { onRelease } from '../support/resources.ts';

function portalAt(url: string) {
  const portal = createPortal({
    baseUrl: new URL(url),
    apiKey: () => '',
    requestTimeoutMs: 2000,
    connections: 1,
    timings,
    now: Date.now,
    random: Math.random,
    logger: silent,
  });
  onRelease(() => portal.close());
  return portal;
}

test("the stock portal's pattern is ours, and is asked for without a key", async () => {
  const sandbox = await startSandbox();
  onRelease(() => sandbox.close());
  const { namePattern } = await readPublicFacts(portalAt(sandbox.url), timings);
  expect(namePattern).toEqual(defaultNamePattern);
  expect(sandbox.state().requests).toMatchObject({ 'GET /api/2.0/settings 200': 1 });
});

test('a portal that does not answer leaves the choice to intake', async () => {
  const portal = portalAt('http://127.0.0.1:9');
  const nothing = { namePattern: undefined, portalNow: undefined };
  expect(await readPublicFacts(portal, timings)).toEqual(nothing);
});

test("every answer tells the portal's clock, a refusal too", async () => {
  const portalNow = Date.UTC(2026, 6, 1, 12, 0, 0);
  const read = { error500Before: 1 };
  const sandbox = await startSandbox({ now: () => portalNow, faults: { read } });
  onRelease(() => sandbox.close());
  const portal = portalAt(sandbox.url);
  const { namePattern, portalNow: clock = 0 } = await readPublicFacts(portal, timings);
  expect(namePattern).toBeUndefined();
  expect(clock).toBeGreaterThanOrEqual(portalNow);
  expect(clock).toBeLessThan(portalNow + 10_000);
});

test.each([
  String.raw`^(\p{L}+)+$`,
  String.raw`^([\p{L}]+)+$`,
  String.raw`^[\p{L}]+[\p{L}]+$`,
  String.raw`^[\p{L}]*[\p{L} ]*$`,
  String.raw`^\p{L}+$`,
  '^[a-z]+|[A-Z]+$',
  '^(?=[a-z]+)[a-z]+$',
  String.raw`^([a-z])\1$`,
  '[a-z]+',
  '^[a-z]+',
  '^[a-z]+?$',
  '^[a-z]{1,99999}$',
  '^[a-z[b]]+$',
  String.raw`^[\x1b]+$`,
  // .NET's \w has the letters of every script, and JavaScript's has ASCII only.
  String.raw`^[\w]+$`,
  '^[z-a]+$',
  `^[${'a'.repeat(30_000)}]+$`,
  '.*',
  '(',
  '',
])('a portal cannot make intake run the pattern %j', (source) => {
  expect(patternFrom(source)).toBe('unusable');
});

test.each([
  [String.raw`^[\p{L}\p{M}' \-]+$`, "D'Arcy-Lee Ba", 'R2D2'],
  [String.raw`^[\p{L} \-]*$`, 'Ana-Lee', "D'Arcy"],
  ['^[A-Za-z]{1,30}$', 'Ana', 'Zoé'],
  ['^[^<>]{2,}$', 'A 2', '<b>'],
  [String.raw`^[\p{Lu}\s.]+$`, 'A. B', 'Ana'],
])('the pattern %s of one character class accepts %j and rejects %j', (source, good, bad) => {
  const pattern = patternFrom(source);
  if (!(pattern instanceof RegExp)) throw new Error('not used');
  expect([pattern.test(good), pattern.test(bad)]).toEqual([true, false]);
});

test('a hostile pattern of the portal rejects no name and is in no reason', () => {
  const toEntry = (source: string, firstName: string) => {
    const namePattern = patternFrom(source);
    const raw = { email: 'ana@example.com', firstName, lastName: '' };
    return entryMaker({ defaultType: 'User', namePattern }, 'p.csv')({ line: 2, raw, faults: [] });
  };
  const hostile = String.raw`^(\p{L}+)+$`;
  expect(toEntry(hostile, `${'a'.repeat(22)}1`)).toMatchObject({ kind: 'person' });
  const others = ['\u001b[2J', 'a'.repeat(65)].map((name) => toEntry(hostile, name));
  expect(others).toMatchObject([
    { faults: [{ code: 'control-character' }] },
    { faults: [{ code: 'too-long' }] },
  ]);
  const strict = toEntry(`^[${'xyz'.repeat(300)}]+$`, 'Ana');
  expect(strict).toMatchObject({ faults: [{ code: 'name-characters' }] });
  expect(JSON.stringify(strict)).not.toContain('xyz');
});
