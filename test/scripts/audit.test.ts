import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { onRelease } from '../support/resources.ts';

const NONE = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };

/** Runs the script with an npm that gives these answers for all packages and for those that ship. */
function audit(all: object, ships: object) {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-audit-'));
  onRelease(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'all.json'), JSON.stringify(all));
  writeFileSync(join(dir, 'ships.json'), JSON.stringify(ships));
  const npm = `#!/bin/sh\ncase "$*" in *--omit=dev*) cat '${dir}/ships.json' ;; *) cat '${dir}/all.json' ;; esac\nexit 1\n`;
  writeFileSync(join(dir, 'npm'), npm);
  chmodSync(join(dir, 'npm'), 0o755);
  const path = [dir, dirname(process.execPath), process.env.PATH].join(':');
  const { status, stderr } = spawnSync('bash', ['scripts/audit.sh'], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stderr };
}

const found = (change: object) => ({ metadata: { vulnerabilities: { ...NONE, ...change } } });

test('a known hole in a package that ships fails the run', () => {
  const { status, stderr } = audit(found({ high: 2, low: 1 }), found({ high: 1 }));
  expect([status, stderr]).toEqual([1, expect.stringContaining('3 known vulnerabilities')]);
  expect(audit(found({ critical: 1 }), found({ critical: 1 })).status).toBe(1);
});

test('a hole in a package that only builds, or a small one, is reported', () => {
  const { status, stderr } = audit(found({ critical: 1, moderate: 1 }), found({ moderate: 1 }));
  expect([status, stderr]).toEqual([0, expect.stringContaining('2 known vulnerabilities')]);
});

test.each([{ statusCode: 405 }, { error: { code: 'ENOTFOUND' } }])(
  'a registry without an answer is reported: %o',
  (answer) => {
    const { status, stderr } = audit(answer, answer);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/not checked.*(405|ENOTFOUND)/)]);
  },
);
