import { expect, test } from 'vitest';
import { openStage } from '../support/stage.ts';

/** Clears the screen, the same in C1, reverses the line, and forges a line of its own. */
const ATTACKS = ['\u001b[2J', '\u009b2J', '\u202e', '\u2028', '\u0007', '\u007f', '\r'];
const ATTACK = ATTACKS.join('');
const RAW = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function raw(texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts)
    .filter(([, text]) => RAW.test(text))
    .map(([name]) => name);
}

const HEADER = 'email,firstName,lastName,comment,extra';

function listWith(name: string): string {
  const quoted = `"${name}"`;
  return [
    HEADER.replace('extra', `"extra${ATTACK}"`),
    'good@example.com,Ana,Lee,,',
    `bad@example.com,${quoted},Lee,,`,
    `"bad${ATTACK}@example.com",Ana,${quoted},${quoted},`,
    `good@example.com,Ana,${quoted},,`,
  ].join('\n');
}

test('a cell or a file name sends no escape to the terminal and forges no line', async () => {
  const stage = await openStage();
  const file = `people${ATTACK}\nheld (forged): pay here.csv`;
  stage.write(file, listWith(`Ana${ATTACK}\nheld (forged): pay here`));
  const missing = `missing${ATTACK}\nE_FORGED: all is well.csv`;
  stage.write('no-columns.csv', `"x${ATTACK}\nE_FORGED: y",b\n1,2\n`);
  const lines: Record<string, string[]> = {
    'dry run': ['run', file, '--dry-run'],
    'dry run as JSON': ['run', file, '--dry-run', '--json'],
    run: ['run', file, '--batch', 'one'],
    status: ['status'],
    'status of one': ['status', 'one'],
    'status as JSON': ['status', 'one', '--json'],
    find: ['find', 'good@example.com'],
    'find as JSON': ['find', 'good@example.com', '--json'],
    report: ['report', 'one', '--format', 'ndjson'],
    log: ['log'],
    missing: ['run', missing],
    columns: ['run', 'no-columns.csv'],
    map: ['run', file, '--map', `${ATTACK}=email`],
    only: ['run', file, '--only', `${ATTACK}:1-2`],
    unknown: ['status', `x${ATTACK}`],
    usage: ['status', '--x', ATTACK],
    sheet: ['run', file, '--sheet', ATTACK],
  };
  const outputs: Record<string, string> = {};
  for (const [name, args] of Object.entries(lines)) {
    const { stdout, stderr } = await stage.run(args);
    outputs[name] = stdout + stderr;
  }
  expect(outputs['dry run']).toContain('\\u001b[2J');
  expect(raw(outputs)).toEqual([]);
  expect(
    Object.values(outputs).flatMap((text) => /^(?:held|E_FORGED).*/m.exec(text) ?? []),
  ).toEqual([]);
});

test('JSON and CSV of a report hold every character of a cell', async () => {
  const stage = await openStage();
  const name = `Ana${ATTACKS.slice(0, 4).join('')}x`;
  stage.write('people.csv', `${HEADER}\nana@example.com,"${name}",Lee,,\n`);
  await stage.run(['run', 'people.csv', '--batch', 'one']);
  const json = await stage.run(['report', 'one', '--format', 'ndjson']);
  expect(JSON.parse(json.stdout).name).toBe(`${name} Lee`);
  const csv = await stage.run(['report', 'one', '--format', 'csv']);
  expect(csv.stdout).toContain(name);
});

test('a planted record or id hides no batch from status, and is named', async () => {
  const stage = await openStage();
  stage.write('people.csv', `${HEADER}\nana@example.com,Ana,Lee,,\n`);
  for (const batch of ['good', 'bad']) {
    const { code } = await stage.run(['submit', 'people.csv', '--batch', batch, '--no-check']);
    expect(code).toBe(0);
  }
  const { redis, keys } = stage.ledger;
  await redis.hset(keys.record('bad'), 'state', ATTACK);
  await redis.zadd(keys.batches, 9e15, `x${ATTACK}`);
  const list = await stage.run(['status']);
  expect(list.stdout).toMatch(/^good +processing/m);
  expect(list.stdout).toMatch(/^batch bad cannot be read: .*\(state\).*restore Redis/m);
  expect(list.stderr).toBe('ignored 1 entry of the list in Redis: no batch has such an id\n');
  const json = JSON.parse((await stage.run(['status', '--json'])).stdout);
  expect(json).toMatchObject([
    { batchId: 'good', state: 'processing' },
    { batchId: 'bad', state: 'unreadable', code: 'E_LEDGER_DAMAGED' },
  ]);
  const one = await stage.run(['status', 'bad']);
  expect([one.code, one.stderr]).toEqual([
    1,
    expect.stringMatching(/^E_LEDGER_DAMAGED: batch bad/),
  ]);
});
