import { TextDecoder } from 'node:util';
import { analyse } from 'chardet';
import { line } from '../../printable.ts';
import type { OddBytes } from './file-text.ts';

/** Bytes that are enough for a guess, and the confidence in percent from which one counts. */
const GUESSED_BYTES = 65_536;
const LEAST_CONFIDENCE = 30;

/** No byte of a character in Shift_JIS or GBK is one of these. */
const BETWEEN_WORDS = /[\s,;":.<>]+/;
const IS_ODD = /[\x80-\xff]/;
const IS_ODD_EACH = /[\x80-\xff]/g;
const HAS_ASCII = /[A-Za-z]/;
/** First bytes of Shift_JIS and the letters of code page 437, which are rare in text of windows-1252. */
const LOW = /[\x81-\x9f]/g;
const LOW_SHARE = 0.25;

/** Encodings of spreadsheets, where the bytes say too little: of words with ASCII letters, and others. */
const LATIN = ['windows-1252', 'windows-1250', 'macintosh'];
const OTHERS = ['windows-1251', 'gb18030', 'shift_jis', 'euc-kr', 'windows-1253', 'windows-1255'];

const WORD = /^[\p{L}\p{M}'\u2019-]+$/u;
const HALF_WIDTH = /[\uff61-\uff9f]/;

/**
 * A line for the person at the terminal: the first odd word as the two most likely encodings read
 * it. It repeats the file, so it must not reach a log or an error.
 */
export function oddWordLine({ place, word, sample }: OddBytes): string {
  const words = oddWordsIn(sample);
  const guessed = analyse(Buffer.from(words.join(' '), 'latin1'));
  const sure = guessed.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE);
  const usual = looksLatin(words) ? LATIN : OTHERS;
  const names = [...sure.map(({ name }) => name), ...usual].flatMap((name) => encodingsOf(name));
  const likely = names.filter((name) => words.every((each) => isWord(name, each)));
  const shown = [...new Set([...likely, ...names])].map((name) => {
    return `${JSON.stringify(decoded(name, word))} with --encoding ${name}`;
  });
  const [first, second] = shown;
  return line`${place}: the word is ${first ?? ''}, or ${second ?? ''}`;
}

/** Headers and addresses in ASCII would make every list look like English. */
function oddWordsIn(sample: Buffer): string[] {
  const words = sample.toString('latin1', 0, GUESSED_BYTES).split(BETWEEN_WORDS);
  return words.filter((word) => IS_ODD.test(word));
}

/** Whether most of the words have ASCII letters as well, as those of European languages. */
function looksLatin(words: readonly string[]): boolean {
  const all = words.join('');
  const high = all.match(IS_ODD_EACH)?.length ?? 0;
  const low = all.match(LOW)?.length ?? 0;
  const mixed = words.filter((each) => HAS_ASCII.test(each)).length;
  return mixed * 2 > words.length && low <= high * LOW_SHARE;
}

/** Whether bytes are a word of letters of one script in an encoding. */
function isWord(encoding: string, bytes: string): boolean {
  const text = decoded(encoding, Buffer.from(bytes, 'latin1'));
  const isMixed = /\p{Script=Latin}/u.test(text) && /(?!\p{Script=Latin})\p{L}/u.test(text);
  return WORD.test(text) && !HALF_WIDTH.test(text) && !isMixed;
}

/** Node 20 decodes windows-1252 as ISO-8859-1 unless it is a stream. */
function decoded(encoding: string, bytes: Buffer): string {
  const decoder = new TextDecoder(encoding);
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}

/** None for an encoding that is unknown, or that the bytes have refuted. */
function encodingsOf(label: string): string[] {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-') ? [] : [encoding];
  } catch {
    return [];
  }
}
