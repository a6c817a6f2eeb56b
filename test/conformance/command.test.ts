import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceArguments } from '../../scripts/conformance/arguments.ts';
import { conform } from '../../scripts/conformance/conform.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { onRelease } from '../support/resources.ts';
import type { Fact } from './fact.ts';
import { safeFacts } from './table.ts';

const YES = '--yes-this-is-a-test-portal';

async function run(
  state: SandboxOptions = {},
  { isLargeAccepted = false, facts }: { isLargeAccepted?: boolean; facts?: readonly Fact[] } = {},
) {
  const sandbox = await startSandbox({ latencyMs: 0, ...state });
  onRelease(() => sandbox.close());
  const { url, key } = sandbox;
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const given = { url, key, isLargeAccepted };
  const code = await conform(given, { print, ...(facts && { facts }) });
  return { code, sandbox, text: lines.join('\n'), key };
}

const existing = Array.from({ length: 20 }, (_, index) => `p${index}@example.com`);

describe('npm run conformance', () => {
  it('ends with 0 where every fact holds, deletes its groups and lists its accounts', async () => {
    const { code, sandbox, text, key } = await run();
    const { accounts, groups } = sandbox.state();
    expect(code).toBe(0);
    expect(groups).toEqual([]);
    expect(accounts.length).toBeGreaterThan(5);
    expect(accounts.length).toBeLessThanOrEqual(40);
    expect(text).toContain(`accounts left: ${accounts.length};`);
    for (const { email } of accounts) expect(text).toContain(`  ${email}`);
    expect(text).toContain(`${safeFacts.length} of ${safeFacts.length} facts hold`);
    expect(text).not.toContain('DIFFERS');
    expect(text).not.toContain(key);
  });

  it('ends with 1 where a fact differs, and shows what was expected and observed', async () => {
    const { code, text, sandbox } = await run({ faults: { version: '3.6.1' } });
    expect(code).toBe(1);
    expect(text).toMatch(
      /DIFFERS {2}P-INVITE-05: .*\n {2}expected \{"status":400.*\n {2}observed \{"status":200/,
    );
    expect(sandbox.state().groups).toEqual([]);
  });

  it('lists the accounts of an earlier run, too', async () => {
    const earlier = 'conformance-earlier-1@example.com';
    const { text } = await run({ existing: [earlier] }, { facts: [] });
    expect(text).toContain(`accounts left: 1; disable and delete them in the portal\n  ${earlier}`);
  });

  it('goes no further than 40 accounts', async () => {
    const [fact] = safeFacts.filter(({ says }) => says === 'a type may be a name in any case');
    const facts = Array.from({ length: 41 }, () => fact).filter((one) => one !== undefined);
    const { code, text, sandbox } = await run({}, { facts });
    expect(code).toBe(1);
    expect(sandbox.state().accounts).toHaveLength(40);
    expect(text).toContain('observed "Error: 40 accounts are the most that a run may create"');
  });

  it('refuses a portal of more than 20 people, unless it is asked to', async () => {
    const facts: readonly Fact[] = [];
    const refused = await run({ existing }, { facts });
    expect([refused.code, refused.text]).toEqual([
      2,
      expect.stringMatching(/21 people.*--even-so/),
    ]);
    expect(refused.sandbox.state().requests).toEqual({ 'GET /api/2.0/people 200': 1 });
    expect((await run({ existing }, { facts, isLargeAccepted: true })).code).toBe(0);
    expect((await run({ existing: existing.slice(1) }, { facts })).code).toBe(0);
  });

  it('counts no account of an earlier run among the people', async () => {
    const earlier = existing.map((_, index) => `conformance-earlier-${index}@example.com`);
    const { code, text } = await run({ existing: [...earlier, 'old@example.com'] }, { facts: [] });
    expect([code, text]).toEqual([0, expect.stringContaining('accounts left: 20;')]);
    expect(text).not.toContain('old@example.com');
  });

  it('does not begin with a key that may not list people', async () => {
    const keys = [{ key: 'sk-rooms', permissions: ['rooms:read'] }];
    const { code, text } = await run({ keys });
    expect([code, text]).toEqual([2, expect.stringMatching(/GET \/people answers 403/)]);
  });
});

describe('the arguments of conformance', () => {
  function file(text: string): string {
    const dir = mkdtempSync(join(tmpdir(), 'onboard-key-'));
    onRelease(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, 'key'), text);
    return join(dir, 'key');
  }

  it('are an address, a file with the key and a promise', () => {
    const args = ['--url', 'https://portal.example.com/', '--key-file', file('sk-abc\n'), YES];
    expect(conformanceArguments(args)).toEqual({
      ...{ url: 'https://portal.example.com', key: 'sk-abc', isLargeAccepted: false },
    });
    expect(conformanceArguments([...args, '--even-so'])).toMatchObject({ isLargeAccepted: true });
  });

  it.each<[string, () => string[], RegExp]>([
    ['no promise', () => ['--url', 'https://a.example', '--key-file', file('sk-a')], /test portal/],
    ['no address', () => ['--key-file', file('sk-a'), YES], /--url/],
    ['plain HTTP', () => ['--url', 'http://a.example', '--key-file', file('sk-a'), YES], /--url/],
    ['no key', () => ['--url', 'https://a.example', YES], /--key-file/],
    [
      'a file without a key',
      () => ['--url', 'https://a.example', '--key-file', file('x'), YES],
      /sk-/,
    ],
    ['no file', () => ['--url', 'https://a.example', '--key-file', '/none', YES], /cannot be read/],
    ['an unknown flag', () => ['--unsafe'], /unsafe/],
  ])('are refused: %s', (_, args, text) => {
    expect(() => conformanceArguments(args())).toThrow(text);
  });

  it('may name a sandbox of this machine', () => {
    const args = ['--url', 'http://127.0.0.1:8090', '--key-file', file('sk-a'), YES];
    expect(conformanceArguments(args).url).toBe('http://127.0.0.1:8090');
  });
});
