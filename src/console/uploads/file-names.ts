import { extname } from 'node:path';
import { printable } from '../../printable.ts';

/** Bytes of a name: file systems take 255, and a number may follow. */
const MOST_BYTES = 200;

/**
 * Names for the files of one upload, each once. A name is that of the sender without its folders and
 * unprintable characters, since the ledger shows it beside every row.
 */
export function fileNames(): (given: string) => string {
  const taken = new Set<string>();
  return (given) => {
    const plain = plainName(given);
    let name = plain;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
      const end = extname(plain);
      name = `${plain.slice(0, plain.length - end.length)} (${number})${end}`;
    }
    taken.add(name.toLowerCase());
    return name;
  };
}

function plainName(given: string): string {
  const base = given.split(/[\\/]/).at(-1) ?? '';
  const end = shortened(extname(base), 20);
  const start = shortened(base.slice(0, base.length - extname(base).length), MOST_BYTES - 20);
  const name = printable(start + end).trim();
  // These name a folder, or standard input.
  return ['', '.', '..', '-'].includes(name) ? 'list' : shortened(name, MOST_BYTES);
}

/** The beginning of a text in at most this many bytes. */
function shortened(text: string, bytes: number): string {
  let short = text.slice(0, bytes);
  while (Buffer.byteLength(short) > bytes) short = [...short].slice(0, -1).join('');
  return short;
}
