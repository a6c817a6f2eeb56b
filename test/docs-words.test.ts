import { expect, test } from 'vitest';
import { read, tracked } from './support/documents.ts';

const GLOSSARY = 'docs/words.md';
const BEGINNINGS = /^(?:Of|Only|It|What|That|The same)\b/;

const [, terms = '', unused = ''] = read(GLOSSARY).split(/^## .*$/m);
const forbidden = [...unused.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, phrase = '']) => phrase),
);
const FORBIDDEN = new RegExp(`(?<![\\w-])(?:${forbidden.join('|')})(?![\\w-])`, 'gi');

const isText = (path: string) =>
  /\.(?:md|sh|yml)$|^\.env\.example$/.test(path) && path !== GLOSSARY;
const isCode = (path: string) => /^(?:src|scripts|examples|test)\/.*\.(?:ts|mjs)$/.test(path);

/** Comments and sentences of a source; a literal without a space is a name. */
function wordsOf(source: string): { comments: string[]; literals: string[] } {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
  const found = source.replace(/ from '[^']*';/g, ';').match(token) ?? [];
  const isComment = (text: string) => /^\/[/*]/.test(text);
  return {
    comments: found
      .filter(isComment)
      .map((text) => text.replace(/^\s*(?:\/\*\*?|\*\/?|\/\/)/gm, '')),
    literals: found.filter((text) => !isComment(text) && text.includes(' ')),
  };
}

const titlesOf = (source: string) =>
  [...source.matchAll(/(?:\b(?:test|it|describe)|^\]\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm)].map(
    ([, , title = '']) => title,
  );

const withoutCode = (text: string) =>
  text
    .replace(/\$\{[^}]*\}/g, '')
    .replace(/```[a-z]+\n[\s\S]*?```/g, '')
    .replace(/`[^`]*`/g, '');

function textsOf(path: string): string[] {
  if (!isCode(path)) return [withoutCode(read(path))];
  const { comments, literals } = wordsOf(read(path));
  return [
    ...comments.map(withoutCode),
    ...literals.map((text) => text.replace(/\$\{[^}]*\}/g, '')),
  ];
}

test('the glossary names each term once, in order', () => {
  const names = [...terms.matchAll(/^\| ([a-z][a-z ]*?) +\|/gm)].map(([, name]) => name).slice(1);
  expect(names.length).toBeGreaterThan(40);
  expect(names).toEqual([...new Set(names)].sort());
});

test('no comment, message or document uses a word that the glossary excludes', () => {
  const paths = tracked.filter((path) => isText(path) || isCode(path));
  const found = paths.flatMap((path) =>
    textsOf(path).flatMap((text) => {
      const words = text.replace(/\s+/g, ' ').match(FORBIDDEN) ?? [];
      return words.map((word) => `${path}: ${word}`);
    }),
  );
  expect(found).toEqual([]);
});

test('no title of a test uses such a word', () => {
  const tests = tracked.filter((path) => path.endsWith('.test.ts'));
  const titles = tests.flatMap((path) => titlesOf(read(path)));
  expect(titles.length).toBeGreaterThan(1000);
  expect(titles.filter((title) => title.search(FORBIDDEN) >= 0)).toEqual([]);
});

test('a comment begins with its noun or verb', () => {
  const paths = tracked.filter(isCode);
  const found = paths.flatMap((path) =>
    wordsOf(read(path))
      .comments.map((text) => text.trim())
      .filter((text) => BEGINNINGS.test(text))
      .map((text) => `${path}: ${text.slice(0, 60)}`),
  );
  expect(found).toEqual([]);
});
