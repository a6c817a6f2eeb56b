import fc from 'fast-check';
import { buildProgram } from '../../src/commands/program.ts';
import { deafIo } from '../support/deaf-io.ts';

interface Verb {
  name: string;
  /** Long names of its flags. */
  flags: string[];
}

/** The program's own verbs and flags, so that a new one is tried without a change here. */
function verbs(): Verb[] {
  return buildProgram(deafIo(), () => undefined).commands.map((command) => ({
    name: command.name(),
    flags: command.options.flatMap(({ long }) => (long ? [long] : [])),
  }));
}

/** Values that some flag takes, or nearly. */
const values = [
  ...['0', '1', '7', '-1', '50%', '100', '101', '65536', '999999999', '1e3', '0x10', '٣', ' 5 '],
  ...['', '-', '--', '=', '{', '{}', '{"create":{}}', '{"create":{"resetAfter":2}}', '@', '@.'],
  ...['b0123456789ab', 'User', 'all', 'csv', 'xml', ';', 'tab', 'de', 'en-US', 'ana@example.com'],
  ...['2026-12-01T08:00+01:00', '2026-13-01T08:00', 'tomorrow', '127.0.0.1', '::1', '256.0.0.1'],
];

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `--${text}`),
  fc.constantFrom('__proto__', 'constructor', '--help', '-h', '-V', 'a'.repeat(5000)),
);

/**
 * Command lines of the verbs' own flags, with values that may fit, files that may exist, and junk.
 * No address of another machine, because commands connect to any address.
 */
export function commandLines(files: readonly string[]): fc.Arbitrary<string[]> {
  const known = verbs();
  const value = fc.constantFrom(...values, ...files);
  const word = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: odd });
  const verb = fc.constantFrom(...known).chain(({ name, flags }) => {
    const flag = fc.constantFrom(...flags, ...(flags.length === 0 ? ['--json'] : []));
    const given = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(flag, word) },
      { weight: 2, arbitrary: fc.tuple(flag) },
      { weight: 1, arbitrary: fc.tuple(flag, word).map(([name, text]) => [`${name}=${text}`]) },
      { weight: 4, arbitrary: fc.tuple(word) },
      { weight: 1, arbitrary: fc.tuple(odd) },
    );
    return fc.array(given, { maxLength: 6 }).map((parts) => [name, ...parts.flat()]);
  });
  const junk = fc.array(word, { maxLength: 4 });
  return fc
    .oneof({ weight: 12, arbitrary: verb }, { weight: 1, arbitrary: junk })
    .filter((line) => !line.some((text) => /\0/.test(text)));
}
