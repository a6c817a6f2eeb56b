import type { Column } from '../entry.ts';
import { trimEnds } from './ends.ts';

/** A cell after cleaning, with a sentence for each kind of change. */
export interface CleanCell {
  text: string;
  changes: string[];
}

/** Characters that nobody sees: format characters, and the mark at the start of a file. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const DASH = /(?<=[\p{L}\p{M}])[\u2010-\u2015\u2212](?=[\p{L}\p{M}])/gu;
/** Spaces other than the one of ASCII. */
const SPACE = /(?! )\p{Zs}/gu;
/** The portal allows one apostrophe (P-CREATE-05); people type these for it. */
const APOSTROPHE = /[\u2018\u2019\u201b\u02bb\u02bc\u00b4\u2032\uff07`]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const LINE_BREAK = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const MAILTO = /^mailto:/i;
/** Most characters that a sentence names. */
const SHOWN = 3;

/** The text after a change, and the characters that were changed. */
interface Change {
  text: string;
  found: string;
}

interface Rule {
  apply: (text: string) => Change;
  /** The sentence about the change; none for apostrophes. */
  sentence?: (found: string) => string;
}

function replaced(pattern: RegExp, by: (found: string) => string): Rule['apply'] {
  return (text) => {
    const found = text.match(pattern)?.join('') ?? '';
    return { text: found === '' ? text : text.replace(pattern, by), found };
  };
}

function withoutInvisibleEnds(text: string): Change {
  const isInvisible = (character: string) => character.replace(INVISIBLE, '').trim() === '';
  const trimmed = trimEnds(text, isInvisible);
  const found = trimmed.cut.match(INVISIBLE)?.join('') ?? '';
  return { text: trimmed.text, found };
}

const removed = (found: string) => `invisible characters were removed${named(found)}`;
const invisible: Rule = { apply: replaced(INVISIBLE, () => ''), sentence: removed };
const invisibleEnds: Rule = { apply: withoutInvisibleEnds, sentence: removed };
const dash: Rule = {
  apply: replaced(DASH, () => '-'),
  sentence: (found) => `a dash became a hyphen${named(found)}`,
};
const space: Rule = {
  apply: replaced(SPACE, () => ' '),
  sentence: (found) => `a special space became a plain one${named(found)}`,
};
const apostrophe: Rule = { apply: replaced(APOSTROPHE, () => "'") };
const fullWidth: Rule = {
  // The block repeats ASCII from U+0021 on.
  apply: replaced(FULL_WIDTH, (found) => String.fromCharCode(found.charCodeAt(0) - 0xfee0)),
  sentence: (found) => `full-width characters became plain ones${named(found)}`,
};
const mailto: Rule = {
  apply: replaced(MAILTO, () => ''),
  sentence: () => '"mailto:" was removed',
};
const lineBreak: Rule = {
  apply: replaced(LINE_BREAK, () => ' '),
  sentence: () => 'line breaks or tabs became spaces',
};

const name = [invisible, dash, space, apostrophe];
const word = [invisible, space];
const rules: Record<Column, readonly Rule[]> = {
  email: [invisibleEnds, fullWidth, mailto, dash],
  firstName: name,
  lastName: name,
  type: word,
  culture: word,
  department: [invisibleEnds, lineBreak],
  comment: [invisibleEnds, lineBreak, space],
};

/**
 * A cell in NFC, without what nobody typed on purpose. Inside addresses invisible characters stay,
 * and are refused: an address of somebody else must not come out of it.
 */
export function cleanCell(column: Column, cell: string): CleanCell {
  let text = cell.normalize('NFC');
  const changes: string[] = [];
  for (const { apply, sentence } of rules[column]) {
    const change = apply(text);
    text = change.text;
    if (change.found !== '' && sentence !== undefined) {
      changes.push(`${column}: ${sentence(change.found)}`);
    }
  }
  return { text: text.trim(), changes };
}

/** Code points in parentheses, each once. */
function named(found: string): string {
  const characters = [...new Set(found)];
  const codes = characters.slice(0, SHOWN).map(codePointOf);
  const more = characters.length > SHOWN ? ', …' : '';
  return codes.length === 0 ? '' : ` (${codes.join(', ')}${more})`;
}

/** A character as `U+200B`. */
export function codePointOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
