import { TextDecoder } from 'node:util';
import { analyse } from 'chardet';
import { line } from '../../printable.ts';
import type { OddBytes } from './file-text.ts';

/** Encodings of Excel in Europe, where the bytes say too little. */
const USUAL = ['windows-1252', 'windows-1250'];

/** Bytes that are enough for a guess. */
const GUESSED_BYTES = 65_536;
const BETWEEN_WORDS = /[^A-Za-z'\x80-\xff-]+/;
const IS_ODD = /[\x80-\xff]/;

/**
 * A line for the person at the terminal: the first odd word as the two most likely encodings read
 * it. It repeats the file, so it must not reach a log or an error.
 */
export function oddWordLine({ place, word, sample }: OddBytes): string {
  const guessed = analyse(oddWordsIn(sample)).map(({ name }) => name);
  const readings = new Map<string, string>();
  for (const label of [...guessed, ...USUAL]) {
    const decoder = decoderOf(label);
    if (decoder === undefined || readings.size === 2) continue;
    readings.set(decoder.encoding, JSON.stringify(decoder.decode(word)));
  }
  const [first, second] = [...readings].map(([name, text]) => `${text} with --encoding ${name}`);
  return line`${place}: the word is ${first ?? ''}, or ${second ?? ''}`;
}

/** Headers and addresses in ASCII would make every list look like English. */
function oddWordsIn(sample: Buffer): Buffer {
  const words = sample.toString('latin1', 0, GUESSED_BYTES).split(BETWEEN_WORDS);
  return Buffer.from(words.filter((word) => IS_ODD.test(word)).join(' '), 'latin1');
}

/** Undefined for an encoding that is unknown, or that the bytes have refuted. */
function decoderOf(label: string): TextDecoder | undefined {
  try {
    const decoder = new TextDecoder(label);
    return decoder.encoding.startsWith('utf-') ? undefined : decoder;
  } catch {
    return undefined;
  }
}
