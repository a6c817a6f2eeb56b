import { expect } from 'vitest';
import type { Stage } from '../support/stage.ts';

/** A Redis that refuses writes is one error of a submission, and a fault of its preflight. */
export async function expectRefused(stage: Stage, file: string, error: RegExp): Promise<void> {
  const lines = [
    ['submit', file, '--no-check'],
    ['run', file, '--no-check'],
  ];
  for (const { code, stdout, stderr } of await Promise.all(lines.map((line) => stage.run(line)))) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(error);
  }
  const asked = await stage.run(['submit', file]);
  expect([asked.code, asked.stderr]).toEqual([4, expect.stringMatching(/^E_PREFLIGHT: /m)]);
}
