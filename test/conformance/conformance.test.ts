import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { onRelease } from '../support/resources.ts';
import { differencesOf } from './check-facts.ts';
import { matches, shown } from './fact.ts';
import { Probe } from './probe.ts';
import { facts, safeFacts, unseen } from './table.ts';

async function open(state: SandboxOptions = {}) {
  const sandbox = await startSandbox({ latencyMs: 0, ...state });
  onRelease(() => sandbox.close());
  return { sandbox, portal: new Probe({ url: sandbox.url, key: sandbox.key, run: 'test' }) };
}

const documented = [
  ...readFileSync(resolve('docs/portal.md'), 'utf8').matchAll(/^- \*\*(P-[A-Z]+-\d{2})\*\*/gm),
].map(([, id = '']) => id);
const stated = new Set(facts.map(({ id }) => id));

describe('the sandbox answers as docs/portal.md says', () => {
  it('in every safe fact, and keeps marked Users alone', async () => {
    const { sandbox, portal } = await open();
    expect(await differencesOf(portal, safeFacts)).toEqual([]);
    expect(await portal.deleteGroups()).toEqual([]);
    const { accounts, groups, mailsSent } = sandbox.state();
    expect(groups).toEqual([]);
    expect(accounts.length).toBeLessThanOrEqual(40);
    expect(accounts.map(({ email }) => email).sort()).toEqual([...portal.accounts].sort());
    for (const { email, type } of accounts) {
      expect([email, type]).toEqual([
        expect.stringMatching(/^conformance-.*@example\.com$/i),
        'User',
      ]);
    }
    expect(Object.keys(mailsSent)).toHaveLength(accounts.length);
  });

  const harmful = facts.filter(({ risk }) => risk === 'sandbox-only');
  it.each(harmful.map((fact) => [fact.id, fact.says, fact] as const))('%s: %s', async (...row) => {
    const [, , fact] = row;
    const { portal } = await open(fact.state);
    expect(await differencesOf(portal, [fact])).toEqual([]);
  });
});

describe('the table of facts', () => {
  it('has every id of docs/portal.md that HTTP can show, and a reason for each other one', () => {
    const missing = documented.filter((id) => !stated.has(id) && !(id in unseen));
    expect(missing).toEqual([]);
    expect(Object.keys(unseen).filter((id) => stated.has(id) || !documented.includes(id))).toEqual(
      [],
    );
    for (const reason of Object.values(unseen)) expect(reason.length).toBeGreaterThan(15);
  });

  it('names no id twice with the same words, and none that is not documented', () => {
    const lines = facts.map(({ id, says }) => `${id} ${says}`);
    expect(lines.filter((line, at) => lines.indexOf(line) !== at)).toEqual([]);
    expect([...stated].filter((id) => !documented.includes(id))).toEqual([]);
  });
});

describe('an expectation', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: undefined }, { b: 2 }, true],
    [{ a: undefined }, { a: 2 }, false],
    [[1], [1, 2], false],
    [[/x/], ['axe'], true],
    [/x/, 5, false],
    [{ a: [] }, { a: [] }, true],
    [{ a: 1 }, undefined, false],
  ])('%j is met by %j: %s', (expected, observed, isMet) => {
    expect(matches(expected, observed)).toBe(isMet);
  });

  it('can be printed with its patterns and tests', () => {
    const isText = (value: unknown) => typeof value === 'string';
    expect(shown({ a: /x/, b: isText, c: undefined })).toBe(
      '{"a":"/x/","b":"<isText>","c":"<absent>"}',
    );
  });
});
