import { expect, test } from 'vitest';
import { readLog } from '../../../src/ledger/notes/read-log.ts';
import { createLogger } from '../../../src/process/logger.ts';
import { notingOn } from '../../console/auth/noting.ts';
import { openStage } from '../../support/stage.ts';

async function open() {
  const stage = await openStage();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', destination });
  const note = notingOn(stage, logger);
  const entries = async () => {
    const log = await readLog(stage.ledger, { limit: 50 });
    return log.map(({ action, by }) => [action, by.name, by.via, by.role]);
  };
  return { note, entries, lines };
}

test('who signs in and out is in the action log, with the role and the console', async () => {
  const { note, entries, lines } = await open();
  await note('sign-in', { name: 'ana', role: 'operator' });
  await note('sign-out', { name: 'ana', role: 'operator' });
  expect(await entries()).toEqual([
    ['sign-out', 'ana', 'console', 'operator'],
    ['sign-in', 'ana', 'console', 'operator'],
  ]);
  expect(lines.join('')).not.toContain('"ana"');
});

test('guesses are all in the log of the process, and push nothing out of the action log', async () => {
  const { note, entries, lines } = await open();
  for (let guess = 0; guess < 30; guess += 1) {
    await note('sign-in-failed', { name: 'ana', role: 'operator' });
    await note('sign-in-failed', {});
    await note('sign-in-failed', { name: 'bo@example.com', role: 'viewer' });
  }
  expect(await entries()).toEqual([
    ['sign-in-failed', 'unknown', 'console', undefined],
    ['sign-in-failed', 'ana', 'console', 'operator'],
  ]);
  expect(lines).toHaveLength(90);
  expect(lines.join('')).not.toMatch(/ana|bo@/);
});
