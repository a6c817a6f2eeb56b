/** Letters of windows-1251 from 0xC0 on. */
function windows1251(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (letter) => {
      const code = letter.codePointAt(0) ?? 0;
      return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
    }),
  );
}

const german = `email;first_name;last_name
max@example.org;Max;Weiß
jm@example.org;Jörg;Müller
`;
const russian = `email;first_name;last_name
anna@example.org;Анна;Кузнецова
ivan@example.org;Иван;Петров
olga@example.org;Ольга;Смирнова
`;

/** Lists in encodings that only a person can confirm, with their first word that is not in UTF-8. */
export const guessable = {
  german: {
    bytes: Buffer.from(german, 'latin1'),
    line: 2,
    column: 24,
    word: 'Weiß',
    encoding: 'windows-1252',
  },
  russian: {
    bytes: windows1251(russian),
    line: 2,
    column: 18,
    word: 'Анна',
    encoding: 'windows-1251',
  },
};
