// Random rounds with all faults, judged from the outside by the seven rules.
// Usage: npm run chaos -- --seed N --rounds M [--first K] [--people P] [--jobs J] [--keep]
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaosArguments } from './arguments.ts';
import { judge } from './judge.ts';
import { planOf, summaryOf } from './plan.ts';
import { Round } from './round.ts';
import type { Breach } from './round-end.ts';

const given = (() => {
  try {
    return chaosArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`chaos: ${error instanceof Error ? error.message : error}`);
    return process.exit(2);
  }
})();
const { seed, rounds, first, people, jobs } = given;

let broken = 0;

async function play(number: number): Promise<void> {
  const plan = planOf(seed, number, people);
  const dir = await mkdtemp(join(tmpdir(), 'onboard-chaos-'));
  const startedAt = Date.now();
  const breaches = await new Round(plan, dir)
    .run()
    .then(judge, (error: unknown): Breach[] => [
      { rule: 1, what: `the round did not end: ${String(error)}` },
    ]);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const verdict = breaches.length === 0 ? 'held' : `BROKEN (${breaches.length})`;
  console.log(`round ${number}: ${verdict}, ${seconds} s: ${summaryOf(plan)}`);
  if (breaches.length > 0) {
    broken += 1;
    console.log(
      `  repeat: npm run chaos -- --seed ${seed} --first ${number} --rounds 1 --people ${people} --keep`,
    );
    for (const breach of breaches.slice(0, 5)) await show(breach, dir);
  }
  if (breaches.length > 0 && given.keep) console.log(`  kept: ${dir}`);
  else await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

/** Prints a violated rule with the history of the row: all log lines of its job. */
async function show({ rule, what, email }: Breach, dir: string): Promise<void> {
  console.log(`  rule ${rule}: ${email ?? 'the batch'} ${what}`);
  if (email === undefined) return;
  for (const line of await historyOf(email, dir)) console.log(`    ${line}`);
}

async function historyOf(email: string, dir: string): Promise<string[]> {
  const csv = await readFile(join(dir, 'first.csv'), 'utf8');
  const row = csv.split('\n').findIndex((line) => line.toLowerCase().startsWith(`${email},`)) - 1;
  if (row < 0) return [];
  const logs = (await readdir(dir)).filter((name) => name.endsWith('.log'));
  const texts = await Promise.all(logs.map((name) => readFile(join(dir, name), 'utf8')));
  const lines = texts.flatMap((text, index) =>
    text
      .split('\n')
      .filter((line) => line.includes(`.1.${row}"`))
      .map((line) => `${logs[index]} ${line}`),
  );
  return lines.slice(0, 40);
}

console.log(`seed: ${seed}, rounds: ${rounds}, people: ${people}, at a time: ${jobs}`);
const numbers = Array.from({ length: rounds }, (_, index) => first + index);
const lane = async () => {
  for (let next = numbers.shift(); next !== undefined; next = numbers.shift()) await play(next);
};
await Promise.all(Array.from({ length: jobs }, lane));
console.log(`rounds held: ${rounds - broken} of ${rounds}`);
process.exitCode = broken === 0 ? 0 : 1;
