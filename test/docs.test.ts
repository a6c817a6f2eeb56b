import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { findings } from '../src/batch/findings.ts';
import { findingsText } from '../src/commands/follow/repair-before-status.ts';
import { exit } from '../src/commands/io.ts';
import { buildProgram } from '../src/commands/program.ts';
import { environmentSchema } from '../src/config/environment.ts';
import { errorCodes } from '../src/errors.ts';
import { faultCodes } from '../src/intake/entry.ts';
import { batchStates } from '../src/ledger/batch/batch-state.ts';
import { ledgerKeys } from '../src/ledger/keys.ts';
import { rowStates } from '../src/ledger/rows/row-state.ts';
import { unknownTexts } from '../src/portal/verdict.ts';
import { holdCodes, holdText, liftsItself } from '../src/stops.ts';
import { deafIo } from './support/deaf-io.ts';
import { ROOT, read, tracked } from './support/documents.ts';

const documents = tracked.filter((path) => path.endsWith('.md'));

const program = buildProgram(deafIo(), () => undefined);
const verbs = new Map(
  program.commands.map((verb) => [verb.name(), verb.options.filter(({ hidden }) => !hidden)]),
);
const flagsOf = (verb: string) => (verbs.get(verb) ?? []).map((option) => option.long ?? '');

/** The text under a heading, down to the next of the same or a higher level. */
function section(path: string, heading: string): string {
  const [, ...rest] = read(path).split(`${heading}\n`);
  const level = heading.indexOf(' ');
  return rest.join('').split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
}

/** The cells of every table row in a text, without padding and backticks, headers left out. */
function tableRows(text: string): string[][] {
  const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);
  const plain = (cell: string) => cell.trim().replace(/^`([^`]*)`$/, '$1');
  const tables = text.split(/\n(?!\|)/).map((table) => table.match(/^\|.*$/gm) ?? []);
  return tables.flatMap((lines) => lines.slice(2).map((line) => cells(line).map(plain)));
}

/** The handlers' source, which has the codes of rows. */
function handlers(): string {
  const names = ['after-create', 'after-look-up', 'create-user'];
  return names.map((name) => read(`src/worker/create/${name}.ts`)).join('');
}

/** Everything in backticks. */
function quoted(text: string): Set<string> {
  return new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code));
}

test('configuration.md has every variable with its default and its limits, and no other', () => {
  const defaults: Record<string, unknown> = environmentSchema.parse({});
  const numbers = z.record(z.string(), z.object({ minimum: z.number(), maximum: z.number() }));
  const { properties = {} } = z.toJSONSchema(environmentSchema, { io: 'output' });
  const ranged = Object.entries(properties).filter(([name]) =>
    /number/.test(typeof defaults[name]),
  );
  const limits = numbers.parse(Object.fromEntries(ranged));
  const expected = Object.keys(environmentSchema.shape).map((name) => {
    const { minimum, maximum } = limits[name] ?? {};
    const range = minimum === undefined ? undefined : `${minimum} to ${maximum}`;
    return [name, String(defaults[name] ?? ''), range];
  });
  const table = tableRows(read('docs/configuration.md').split('## Flags')[0] ?? '');
  const documented = table.map(([name = '', value, range = '']) => {
    return [name, value, name in limits ? range.replaceAll(',', '') : undefined];
  });
  expect(documented).toEqual(expected);
});

test('.env.example names every variable', () => {
  const example = read('.env.example');
  const missing = Object.keys(environmentSchema.shape).filter((name) => !example.includes(name));
  expect(missing).toEqual([]);
});

test('configuration.md has every flag of every verb with its default, and no other', () => {
  const flags = section('docs/configuration.md', '## Flags');
  const documented = flags.split(/^### /m).flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n');
    const rows = tableRows(lines.join('\n'));
    const named = [...heading.matchAll(/`([a-z-]+)/g)].map(([, verb = '']) => verb);
    const cells = rows.map(([flag = '', value]) => [flagIn(flag), value]);
    return named.map((verb) => ({ verb, cells }));
  });
  const expected = [...verbs].map(([verb, options]) => [
    verb,
    options.map((option) => [option.long, String(option.defaultValue ?? '')]),
  ]);
  const flagsIn = (name: string) =>
    documented.filter(({ verb }) => verb === name).flatMap(({ cells }) => cells);
  const merged = documented.map(({ verb }) => [verb, flagsIn(verb)]);
  expect(Object.fromEntries(merged)).toEqual(Object.fromEntries(expected));
});

function flagIn(cell: string): string {
  return cell.split(' ')[0] ?? '';
}

test('the README names every verb', () => {
  const readme = read('README.md');
  expect([...verbs.keys()].filter((verb) => !readme.includes(`onboard ${verb}`))).toEqual([]);
});

test.each(documents)('%s names only verbs and flags that exist', (path) => {
  const calls = [...read(path).matchAll(/(?:npx |^|`)onboard ([a-z][a-z-]*)([^`\n]*)/gm)];
  const wrong = calls.flatMap(([call, verb = '', rest = '']) => {
    const flags: string[] = rest.split('#')[0]?.match(/--[a-z-]+/g) ?? [];
    const known = [...flagsOf(verb), '--help'];
    return verbs.has(verb) && flags.every((flag) => known.includes(flag)) ? [] : [call];
  });
  expect(wrong).toEqual([]);
});

test.each(documents)('every link of %s leads to a file, and to a heading of it', (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  const broken = links.filter(([, file = '', anchor]) => {
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

/** Headings as GitHub makes anchors of them. */
function anchorsOf(path: string): string[] {
  const headings = [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the state diagrams show the states that the code has', () => {
  const text = read('docs/architecture.md');
  const diagrams = [...text.matchAll(/```mermaid([\s\S]*?)```/g)].map(([, lines = '']) => lines);
  const states = diagrams.map((lines) => {
    const ends = [...lines.matchAll(/^ *(\S+) --> ([a-z]+)/gm)].flatMap(([, ...pair]) => pair);
    return [...new Set(ends)].filter((state) => state !== '[*]').sort();
  });
  expect(states).toEqual([[...rowStates].sort(), [...batchStates].sort()]);
});

test('architecture.md has every kind of key, and operations.md every state of a row', () => {
  const names = Object.values(ledgerKeys('{onboard}')).map((key) =>
    typeof key === 'string' ? key : key('<id>', '<state>' as 'pending'),
  );
  const keys = [...quoted(section('docs/architecture.md', '## Redis keys'))];
  expect(names.filter((name) => !keys.some((key) => key.startsWith(name)))).toEqual([]);
  const documented = quoted(section('docs/operations.md', '## Outcomes of a row'));
  // `pending` is not yet an end, `rejected` is in configuration.md, nothing leads to `cancelled`.
  const ends = rowStates.filter((state) => !/pending|rejected|cancelled/.test(state));
  expect(ends.filter((state) => !documented.has(state))).toEqual([]);
});

test('operations.md has every hold with its reason, its remedy and how it is lifted', () => {
  const dotted = (text: string) => text.replaceAll('undefined', '…');
  const expected = holdCodes.map((code) => {
    const { what, remedy } = holdText(code);
    const lifting = liftsItself(code) ? 'a worker that starts' : 'onboard resume';
    return [code, dotted(what), dotted(remedy), lifting];
  });
  expect(tableRows(section('docs/operations.md', '## Holds'))).toEqual(expected);
});

test('every code that a row can have is documented', () => {
  const union = /export type (?:Refusal|Conflict)Code =([^;]+);/g;
  const answers = [...read('src/portal/verdict.ts').matchAll(union)].map(([, codes]) => codes);
  const workers = [handlers(), read('src/batch/settle-failed.ts')];
  const literal = /(?:^ {2}\| |\bcode(?:: | = |: [^']*\? ))'([a-z-]+)'/gm;
  const found = [...answers, ...workers].join('\n').matchAll(literal);
  const codes = [...Object.keys(unknownTexts), ...[...found].map(([, code]) => code)];
  expect(codes).toEqual(expect.arrayContaining(['bad-request', 'timeout', 'already-there']));
  const documented = quoted(section('docs/operations.md', '## Outcomes of a row'));
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code = '') => !documented.has(code))).toEqual([]);
  const rejected = quoted(section('docs/configuration.md', '## Files'));
  expect([...faultCodes, 'in-other-batch'].filter((code) => !rejected.has(code))).toEqual([]);
});

test('every finding is documented, in the words that status says', () => {
  const said = findings.map((code) => [code, findingsText([code]).trim()]);
  const rows = tableRows(section('docs/operations.md', '## Status and report'));
  expect(rows.filter(([code = '']) => findings.some((known) => known === code))).toEqual(said);
  const keeper = tableRows(section('docs/architecture.md', '## The keeper'));
  expect(keeper.map(([code]) => code)).toEqual([...findings]);
});

test('every error code is used', () => {
  const isSource = (path: string) => path.startsWith('src/') && path !== 'src/errors.ts';
  const source = tracked.filter(isSource).map(read).join('\n');
  const isUsed = (code: string) => new RegExp(`\\b${code}\\b`).test(source);
  expect(Object.keys(errorCodes).filter((code) => !isUsed(code))).toEqual([]);
});

test.each([
  ['README.md', '## Configuration'],
  ['docs/operations.md', '## Exit statuses'],
])('%s has every exit status and no other', (path, heading) => {
  const statuses = [...new Set([...Object.values(exit), ...Object.values(errorCodes)])];
  const documented = tableRows(section(path, heading)).map(([status]) => Number(status));
  expect(documented).toEqual(statuses.sort((a, b) => a - b));
});

test('no tracked text names a folder of one machine', () => {
  const texts = tracked.filter((path) => path !== 'test/docs.test.ts');
  const ofPeople = /(?<![\w.}~-])\/(?:home|root|work|workspace|Users|mnt)\//;
  expect(texts.filter((path) => ofPeople.test(read(path)))).toEqual([]);
  // Documents name files from the repository's root, and otherwise only paths of HTTP and
  // of a server's own settings.
  const absolute =
    /(?<![\w/:.\])}>*…-])\/(?!(?:api|people|group|keys|settings|portal|__sandbox|oauth2|etc)\/)[a-z]\w+\/\w+/g;
  const found = documents.flatMap((path) => read(path).match(absolute) ?? []);
  expect(found).toEqual([]);
});
