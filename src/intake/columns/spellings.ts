import { type Column, columns } from '../entry.ts';

/** Meaning of a header: a column of a person, or a whole name, which `--split-name` divides. */
export type Meaning = Column | 'name';

/**
 * Usual headers of each column. The first is the key of DocSpace's sample for inviting users
 * (first_name, last_name, email), or the name of the field in POST /people. `employee type` is none
 * of `type`: in exports of personnel systems it says Full-time.
 */
export const spellings: Record<Meaning, readonly string[]> = {
  email: listed(`
    email, mail, email address, mail address, work email, work email address, business email,
    company email, corporate email, user email, email id, primary email, primary email address,
    email 1, e-mail 1 - value,
    user principal name, upn, email adresse, mailadresse, dienstliche email, dienst-e-mail,
    e-mail geschäftlich, e-mail (geschäftlich), geschäftliche e-mail, firmen-e-mail, e-mailadres,
    email professionnel, e-mail professionnel, adresse e-mail professionnelle,
    courriel professionnel,
    adresse email, adresse mail, adresse électronique, courriel, courrier électronique, mél,
    correo, correo electrónico, correo corporativo, correo de trabajo, correo profesional,
    email corporativo, dirección de correo, dirección de correo electrónico,
    dirección de email, posta elettronica, email aziendale, e-mail aziendale, indirizzo email, indirizzo mail,
    indirizzo di posta elettronica, indirizzo e-mail, correio eletrónico, correio eletrônico, e-mail profissional, e-mail de trabalho,
    endereço de email, endereço de correio eletrónico, endereço de correio eletrônico, adres email,
    e-mail służbowy, poczta elektroniczna, adres poczty elektronicznej, e-posta, e-postadress, sähköposti,
    электронная почта, эл. почта, почта, адрес электронной почты, адрес эл. почты, имейл, емейл, рабочая почта,
    корпоративная почта, рабочий email, електронна пошта,
    メール, メールアドレス, 電子メール, 電子メールアドレス, eメール, eメールアドレス, 会社メール, 邮箱, 电子邮件,
    工作邮箱, 公司邮箱, 企业邮箱,
    电子邮箱, 电子邮件地址, 邮件, 邮箱地址, 电邮, 電子郵件, 電子信箱, 信箱, 이메일, 이메일 주소`),
  firstName: listed(`
    first_name, first, given name, given, givenname, forename, forenames, given names, fname,
    name.givenName, vorname, vornamen, rufname, prénom, prénoms, prénom usuel, nombre, nombres,
    primer nombre, nombre de pila, nome, nome di battesimo, nome próprio, primeiro nome, prenome,
    voornaam, förnamn, fornavn, etunimi, jméno, křestní jméno, keresztnév, prenume, ім'я, imię, imiona, pierwsze imię, имя, 名, 下の名前, 이름`),
  lastName: listed(`
    last_name, last, surname, family name, family, lname, surnames, name.familyName, nachname,
    zuname, familienname, nom, nom de famille, nom usuel, nom d'usage, apellido, apellidos,
    primer apellido, cognome, sobrenome, apelido, apelidos, último nome, nome de família,
    achternaam, familienaam, efternamn, etternavn, efternavn, sukunimi, příjmení, vezetéknév, nume de familie, прізвище, nazwisko, фамилия, 姓,
    姓氏, 苗字, 성`),
  name: listed(`
    name, full name, whole name, complete name, display name, employee name, vollständiger name,
    vor- und nachname, vor- und zuname, vorname nachname, vorname und nachname, name vorname,
    nachname vorname, nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom,
    nombre completo, nombre y apellido, nombre y apellidos, apellidos y nombre, nome completo,
    nome e cognome, cognome e nome, nominativo, nome e sobrenome, nome e apelido,
    imię i nazwisko, nazwisko i imię, фио, полное имя, имя и фамилия, фамилия и имя,
    фамилия имя отчество, 姓名, 氏名, 名前, お名前, 성명`),
  type: listed(`
    type, role, account type, user type, user role, rolle, typ, rôle, rol, ruolo, роль, тип`),
  culture: listed(`
    culture, culture name, language, lang, locale, preferred language, sprache, langue, idioma,
    lingua, taal, język, язык, 语言, 語言, 言語`),
  department: listed(`
    department, departments, dept, department id, department ids, group, groups, team, teams,
    abteilung, abteilungen, gruppe, gruppen, département, groupe, groupes, équipe, departamento, grupo,
    grupos, equipo, equipe, dipartimento, gruppo, gruppi, reparto, dział, grupa, grupy, zespół,
    afdeling, groep, groepen, avdelning, grupp, отдел, группа, группы, команда, 部门, 部門, 部署, 组,
    小组, 团队, 團隊, グループ, チーム, 그룹, 팀`),
  comment: listed(`
    comment, comments, note, notes, remark, remarks, kommentar, bemerkung, bemerkungen, notiz,
    notizen, commentaire, commentaires, remarque, comentario, comentarios, comentário,
    observaciones, observações, commento, commenti, uwagi, komentarz, комментарий, примечание,
    备注, 備註, 備考`),
};

/**
 * Headers that have a meaning beside others: German `Name` beside `Vorname` is the last name, and
 * 名字 is the given name in Chinese and the family name in Japanese.
 */
const besides: readonly { header: string; beside: string; meaning: Meaning }[] = [
  { header: 'name', beside: 'vorname, vornamen, rufname', meaning: 'lastName' },
  { header: 'naam', beside: 'voornaam', meaning: 'lastName' },
  { header: 'namn', beside: 'förnamn', meaning: 'lastName' },
  { header: 'navn', beside: 'fornavn', meaning: 'lastName' },
  { header: '名字', beside: '姓, 姓氏', meaning: 'firstName' },
  { header: '名字', beside: '名, 名前', meaning: 'lastName' },
  { header: '名前', beside: '姓, 苗字, 名字', meaning: 'firstName' },
];

/** Words that forms put behind a header, as `First Name (required)` or `Last name Optional`. */
const DECORATION =
  /[\s:;,–—-]*[[(（【]?\s*(?:required|mandatory|optional|pflichtfeld|pflicht|erforderlich|freiwillig|requis|obligatoire|facultatif|obligatorio|requerido|opcional|obbligatorio|facoltativo|obrigatório|wymagane|opcjonalne|обязательно|необязательно|必填|选填|必須|任意)\s*[\])）】]?[\s*:]*$/iu;

function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim());
}

/** Removes case, accents, spaces and punctuation from a header or a word. */
export function simplify(text: string): string {
  const plain = text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');
  return plain.toLowerCase();
}

/**
 * Simplified readings of a header, the likeliest first: as written, without decorations, and the name
 * in its brackets, as `User name [userPrincipalName] Required`.
 */
export function readingsOf(header: string): string[] {
  // A header of any length is a cell of the file; no form has such a name.
  if (header.length > 200) return [simplify(header)];
  const plain = header.replace(DECORATION, '');
  const inside = /\[([^[\]]*)\]/.exec(plain)?.[1] ?? '';
  const outside = plain.replace(/\[[^[\]]*\]/g, '').replace(DECORATION, '');
  const readings = [header, plain, outside, inside].map(simplify);
  return [...new Set(readings.filter((reading) => reading !== ''))];
}

const meaningBySpelling: ReadonlyMap<string, Meaning> = new Map(
  ([...columns, 'name'] as const).flatMap((meaning) =>
    [meaning, ...spellings[meaning]].map((spelling) => [simplify(spelling), meaning] as const),
  ),
);

/** Spellings of keys inside another object (SCIM, RFC 7643 section 4.1.1), in lower case. */
export const dotted: ReadonlySet<string> = new Set(
  Object.values(spellings)
    .flat()
    .filter((spelling) => /\w\.\w/.test(spelling))
    .map((spelling) => spelling.toLowerCase()),
);

const besideByHeader = besides.map(({ header, beside, meaning }) => {
  return { key: simplify(header), beside: listed(beside).map(simplify), meaning };
});

/** The meaning of a header or a JSON key in any usual spelling; undefined if unknown. */
export function meaningOf(header: string): Meaning | undefined {
  for (const reading of readingsOf(header)) {
    const meaning = meaningBySpelling.get(reading);
    if (meaning !== undefined) return meaning;
  }
  return undefined;
}

/** The meanings that headers have because of others; undefined for a header that has none. */
export function meaningBeside(all: readonly string[]): (header: string) => Meaning | undefined {
  let found: Set<string> | undefined;
  return (header) => {
    const key = simplify(header);
    const rules = besideByHeader.filter((rule) => rule.key === key);
    if (rules.length === 0) return undefined;
    // Once for all headers: a file may have 500,000 of them.
    found ??= new Set(all.map(simplify));
    const names = found;
    return rules.find(({ beside }) => beside.some((each) => names.has(each)))?.meaning;
  };
}
