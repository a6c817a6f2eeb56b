/** The sentences that the portal translates (P-ERROR-08). */
const english = {
  /** Culture name of the portal and of the key owners' profiles. */
  culture: 'en-US',
  incorrectName: 'Incorrect firstname or lastname',
  emailRegistered: 'User with this email is already registered',
  personNotFound: 'The user could not be found',
  incorrectEmail: 'Incorrect email',
  invitationLimit: 'Invitation limit is exceeded',
  disabled: (email: string) => `User disabled: ${email}`,
  adminsExceeded: (asked: number, free: number) =>
    `The number of admins exceeds the limit: ${asked}/${free}.`,
  usersExceeded: (limit: number) => `The number of users should not exceed ${limit}`,
  addressRefused: 'Access from this address is not allowed.',
  notInPlan: 'Your pricing plan does not support this option',
};

export type Texts = typeof english;

const german: Texts = {
  culture: 'de',
  incorrectName: 'Vorname oder Nachname ist ungültig',
  emailRegistered: 'Ein Benutzer mit dieser E-Mail-Adresse ist bereits registriert',
  personNotFound: 'Der Benutzer wurde nicht gefunden',
  incorrectEmail: 'Ungültige E-Mail-Adresse',
  invitationLimit: 'Das Limit für Einladungen ist überschritten',
  disabled: (email) => `Benutzer deaktiviert: ${email}`,
  adminsExceeded: (asked, free) => `Zu viele Administratoren: ${asked}/${free}.`,
  usersExceeded: (limit) => `Es darf nicht mehr als ${limit} Benutzer geben`,
  addressRefused: 'Der Zugriff von dieser Adresse ist nicht erlaubt.',
  notInPlan: 'Ihr Tarif enthält diese Funktion nicht',
};

const table = { en: english, de: german };

/** Languages of the sandbox. */
export type Locale = keyof typeof table;

/** The sentences in one language. */
export function textsOf(locale: Locale): Texts {
  return table[locale];
}

/** The language of a requested culture; English without a translation. */
export function localeOf(culture: string): Locale {
  return culture.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
