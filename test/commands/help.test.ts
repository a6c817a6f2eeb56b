import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/commands/program.ts';
import { deafIo } from '../support/deaf-io.ts';

/** Verbs that serve until they are stopped, or print a script for a shell. */
const WITHOUT_JSON = ['worker', 'console', 'dashboard', 'sandbox', 'completion'];

function program() {
  return buildProgram(deafIo(), () => undefined);
}

/** The help of a verb as it is printed. */
function helpOf(name: string): string {
  const command = program().commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(name);
  let text = '';
  command.configureOutput({ writeOut: (piece) => (text += piece) });
  command.outputHelp();
  return text;
}

const verbs = program().commands.map((command) => ({
  name: command.name(),
  flags: command.options.map(({ long }) => long ?? ''),
  texts: [command.description(), ...command.options.map(({ description }) => description)],
}));

const examplesOf = (name: string) =>
  [...helpOf(name).matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line);

describe.each(verbs)('onboard $name', ({ name, flags, texts }) => {
  test('has an example, whose verbs and flags are there', () => {
    const examples = examplesOf(name);
    expect(examples.some((line) => line.includes(`onboard ${name}`))).toBe(true);
    for (const line of examples) {
      for (const [, verb = '', rest = ''] of line.matchAll(/onboard ([a-z][a-z-]*)([^|>)]*)/g)) {
        const used = [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => flag);
        const known = verbs.find((each) => each.name === verb)?.flags;
        expect(known).toEqual(expect.arrayContaining(used));
      }
    }
  });

  test('says what each flag is for, in one short line', () => {
    expect(texts.filter((text) => text === '' || text.length > 90 || /\.$/.test(text))).toEqual([]);
  });

  test('prints JSON when asked', () => {
    expect(flags.includes('--json') || name === 'report').toBe(!WITHOUT_JSON.includes(name));
  });
});

test('the list of commands names each with what it does', () => {
  const text = program().helpInformation();
  for (const { name, texts } of verbs) {
    expect(text).toMatch(new RegExp(`^ {2}${name} .*${texts[0]?.slice(0, 20)}`, 'm'));
  }
});
