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
  polish: {
    bytes: Buffer.from(
      'ZW1haWw7Zmlyc3RfbmFtZTtsYXN0X25hbWUKamFuQGV4YW1wbGUub3JnO0phbjtLb3dhbApsQGV4YW1wbGUub3JnO6N1a2FzejtCs2FzemN6eWsKekBleGFtcGxlLm9yZzuvYW5ldGE7jGxpd2nxc2thCg==',
      'base64',
    ),
    line: 3,
    column: 15,
    word: 'Łukasz',
    encoding: 'windows-1250',
  },
  japanese: {
    bytes: Buffer.from(
      'ZW1haWwsZmlyc3RfbmFtZSxsYXN0X25hbWUKYUBleGFtcGxlLm9yZyyRvphZLI5Sk2MKYkBleGFtcGxlLm9yZyyJ1I5xLI2yk6EK',
      'base64',
    ),
    line: 2,
    column: 15,
    word: '太郎',
    encoding: 'shift_jis',
  },
};
