/** Languages of the sandbox; the table below has one entry for each. */
export type Locale = 'en' | 'de';

/** The sentences that the portal translates (P-ERROR-08). */
export interface Texts {
  /** Culture name of the portal and of the key owners' profiles. */
  culture: string;
  incorrectName: string;
  emailRegistered: string;
  personNotFound: string;
  incorrectEmail: string;
  invitationLimit: string;
  disabled: (email: string) => string;
  adminsExceeded: (asked: number, free: number) => string;
  usersExceeded: (limit: number) => string;
  notInPlan: string;
}

const table: Readonly<Record<Locale, Texts>> = {
  en: {
    culture: 'en-US',
    incorrectName: 'Incorrect firstname or lastname',
    emailRegistered: 'User with this email is already registered',
    personNotFound: 'The user could not be found',
    incorrectEmail: 'Incorrect email',
    invitationLimit: 'Invitation limit is exceeded',
    disabled: (email) => `User disabled: ${email}`,
    adminsExceeded: (asked, free) => `The number of admins exceeds the limit: ${asked}/${free}.`,
    usersExceeded: (limit) => `The number of users should not exceed ${limit}`,
    notInPlan: 'Your pricing plan does not support this option',
  },
  de: {
    culture: 'de',
    incorrectName: 'Vorname oder Nachname ist ungültig',
    emailRegistered: 'Ein Benutzer mit dieser E-Mail-Adresse ist bereits registriert',
    personNotFound: 'Der Benutzer wurde nicht gefunden',
    incorrectEmail: 'Ungültige E-Mail-Adresse',
    invitationLimit: 'Das Limit für Einladungen ist überschritten',
    disabled: (email) => `Benutzer deaktiviert: ${email}`,
    adminsExceeded: (asked, free) => `Zu viele Administratoren: ${asked}/${free}.`,
    usersExceeded: (limit) => `Es darf nicht mehr als ${limit} Benutzer geben`,
    notInPlan: 'Ihr Tarif enthält diese Funktion nicht',
  },
};

/** The sentences in one language. */
export function textsOf(locale: Locale): Texts {
  return table[locale];
}

/** The language of a requested culture; English without a translation. */
export function localeOf(culture: string): Locale {
  return culture.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
